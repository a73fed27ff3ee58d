using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Loire.Benchmarks.Soak;

/// <summary>What should not have happened.</summary>
internal sealed class Violations
{
    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyCollection<string> All => _all;

    public void Add(string what)
    {
        _all.Enqueue(what);
        Console.Error.WriteLine($"VIOLATION: {what}");
    }

    /// <summary>Notes what a check finds, so that the others are made too.</summary>
    public void Check(Action check)
    {
        try
        {
            check();
        }
        catch (ShouldAssertException failure)
        {
            Add(failure.Message);
        }
    }
}

/// <summary>What a silo calls critical is a violation.</summary>
internal sealed class CriticalLogs(Violations violations) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Critical;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            violations.Add($"{formatter(state, exception)}: {exception}");
        }
    }

    public void Dispose()
    {
    }
}
