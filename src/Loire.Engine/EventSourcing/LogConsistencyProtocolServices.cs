using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.EventSourcing;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>What the log of one grain may ask for.</summary>
internal sealed class LogConsistencyProtocolServices(IGrainContext context) : ILogConsistencyProtocolServices
{
    private static readonly JsonSerializerOptions CopyOptions = new() { IncludeFields = true };

    private readonly ILogger _log = context.ActivationServices.GetRequiredService<ILogger<LogConsistencyProtocolServices>>();

    public GrainId GrainId => context.GrainId;

    public string MyClusterId => "embedded";

    public T DeepCopy<T>(T value) => value is null || ImmutableMessages.IsImmutable(value.GetType())
        ? value
        : (T)JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), CopyOptions), value.GetType(), CopyOptions)!;

    public void ProtocolError(string msg, bool throwexception)
    {
        _log.LogConsistency(exception: null, GrainId, msg);
        if (throwexception)
        {
            throw new OrleansException($"{msg} ({GrainId})");
        }
    }

    public void CaughtException(string where, Exception e) => _log.LogConsistency(e, GrainId, $"failure in {where}");

    public void CaughtUserCodeException(string callback, string where, Exception e) =>
        _log.LogConsistency(e, GrainId, $"{callback} failed in {where}");

    public void Log(LogLevel level, string format, params object[] args)
    {
        if (_log.IsEnabled(level))
        {
            _log.Log(level, "{Grain}: {Message}", GrainId, string.Format(CultureInfo.InvariantCulture, format, args));
        }
    }
}
