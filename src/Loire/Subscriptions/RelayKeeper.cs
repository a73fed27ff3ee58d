using Loire.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Subscriptions;

/// <summary>Keeps the relay alive.</summary>
internal sealed class RelayKeeper(IGrainFactory grains, TimeProvider time, HostStop stop, ILogger<RelayKeeper> logger)
    : GrainKeeper("log relay", () => grains.GetGrain<ILogRelayGrain>(0).Heartbeat(), time, stop, logger);
