using Loire.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Timers;

/// <summary>Keeps the timers alive.</summary>
internal sealed class TimerKeeper(IGrainFactory grains, TimeProvider time, HostStop stop, ILogger<TimerKeeper> logger)
    : GrainKeeper("durable timers", () => grains.GetGrain<ITimerGrain>(0).Heartbeat(), time, stop, logger);
