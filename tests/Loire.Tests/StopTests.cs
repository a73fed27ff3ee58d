using System.Collections.Concurrent;
using Commerce.Accounts;
using Commerce.Values;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Tests;

public sealed class StopTests
{
    private readonly Warnings _warnings = new();
    private readonly TaskCompletionSource _handling = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_subscription_that_the_stop_cuts_off_does_not_warn()
    {
        await StopWhile(stopping => Task.Delay(Timeout.Infinite, stopping));
        _warnings.OfSubscriptions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_subscription_that_fails_while_the_host_stops_warns()
    {
        await StopWhile(async stopping =>
        {
            await Task.Delay(Timeout.Infinite, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new InvalidOperationException("a fault of the handler");
        });
        _warnings.OfSubscriptions.ShouldContain("a fault of the handler");
    }

    private async Task StopWhile(Func<CancellationToken, Task> handle)
    {
        await using var loire = await LoireHost.Start(loire: l =>
        {
            l.Services.AddSingleton<ILoggerProvider>(_warnings);
            l.Services.AddSingleton(sp => new SubscriptionDefinition("waits", "test", Partitions: 1, LogFilter.All, () =>
                new Waiting(_handling, sp.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping, handle)));
        });
        await loire.Accepted("account", "a-1", new AccountCommand.Open("o-1", Money.Of(0)));
        await _handling.Task.WaitAsync(LoireHost.Limit, TestContext.Current.CancellationToken);
    }

    private sealed class Waiting(TaskCompletionSource handling, CancellationToken stopping, Func<CancellationToken, Task> handle)
        : ISubscriptionHandler
    {
        public Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

        public async Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation)
        {
            handling.TrySetResult();
            await handle(stopping);
            return [];
        }

        public void Committed()
        {
            // It keeps nothing.
        }
    }

    /// <summary>Keeps what went wrong in each class that logged a warning.</summary>
    private sealed class Warnings : ILoggerProvider
    {
        private readonly ConcurrentQueue<(string Category, string? Failure)> _all = new();

        public IEnumerable<string?> OfSubscriptions => _all.Where(w => w.Category == "Loire.Subscriptions.SubscriptionGrain").Select(w => w.Failure);

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _all);

        public void Dispose()
        {
        }

        private sealed class Logger(string category, ConcurrentQueue<(string Category, string? Failure)> all) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel))
                {
                    all.Enqueue((category, exception?.Message));
                }
            }
        }
    }
}
