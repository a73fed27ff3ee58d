#if !ORLEANS
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Loire.Engine.ContractTests.Embedded;

/// <summary>Keeps warnings and errors that the engine logs.</summary>
internal sealed class Alarms : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyCollection<string> All => _all;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _all.Enqueue($"{formatter(state, exception)}: {exception?.Message}");
        }
    }

    public void Dispose()
    {
    }
}
#endif
