using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Loire.Tests.Snapshots;

/// <summary>Keeps warnings, so that a test can read them.</summary>
public sealed class WarningsKept : ILoggerProvider
{
    public ConcurrentQueue<string> Messages { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Keeper(Messages);

    public void Dispose()
    {
    }

    private sealed class Keeper(ConcurrentQueue<string> messages) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                messages.Enqueue(formatter(state, exception));
            }
        }
    }
}
