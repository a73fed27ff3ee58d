using System.Text.Json;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Benchmarks.Commands;
using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Projections;
using Loire.Serialization;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Benchmarks.DeadLetters;

/// <summary>Accounts of a hundred events each; the bad ones have theirs in the middle.</summary>
internal sealed class DeadLetterLoad(int events, int bad)
{
    private const int PerAccount = 100;
    private const int PerAppend = 10;

    private readonly int _accounts = events / PerAccount;

    public void Register(LoireBuilder loire)
    {
        loire.AddProjection<TallyView>();
        loire.Services.Configure<SubscriptionOptions>(options =>
            (options.Failures.MaxAttempts, options.Failures.InitialDelay) = (3, TimeSpan.FromMilliseconds(200)));
    }

    /// <summary>The accounts take turns, so that those that are held back are held back for long.</summary>
    public async Task Fill(IEventLog log)
    {
        var codec = new EventCodec("account", typeof(AccountEvent));
        var at = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
        for (var from = 0; from < PerAccount; from += PerAppend)
        {
            var version = from;
            await Parallel.ForAsync(0, _accounts, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (account, _) =>
            {
                NewEvent[] encoded = [.. Enumerable.Range(version, PerAppend).Select(n => codec.Encode(Event(account, n), at, EventMetadata.None))];
                if (await log.Append(new AppendRequest(new StreamName("account", $"a-{account}"), version, encoded)) is not AppendResult.Appended)
                {
                    throw new InvalidOperationException("An append did not go through.");
                }
            });
        }
    }

    /// <summary>Waits until every bad event is parked.</summary>
    /// <returns>How many dead letters there are then.</returns>
    public async Task<long> Parked(Platform platform)
    {
        var counts = platform.Services.GetRequiredService<DeadLetterCounts>();
        while (true)
        {
            if ((await counts.Read()).SingleOrDefault() is { } count && count.Parked == bad)
            {
                return count.Unhandled;
            }

            await Task.Delay(100);
        }
    }

    public async Task<RebuildPlan> Rebuild(Platform platform)
    {
        var rebuild = platform.Grains.GetGrain<IRebuildGrain>("tally");
        if ((await rebuild.Start()).Refusal is { } refusal)
        {
            throw new InvalidOperationException(refusal);
        }

        while (true)
        {
            switch (await rebuild.Ended(TimeSpan.FromSeconds(10)))
            {
                case { State: RebuildState.Completed } plan:
                    return plan;
                case { State: not RebuildState.Running } plan:
                    throw new InvalidOperationException($"The rebuild has not completed: {plan.LastError}");
                default:
                    break;
            }
        }
    }

    public async Task<long> RetryAll(Platform platform)
    {
        var handled = 0L;
        while (true)
        {
            var report = await platform.Services.GetRequiredService<DeadLetterOperations>().RetryAll("tally@1");
            handled += report.Succeeded;
            if (report.Left == 0)
            {
                return handled;
            }
        }
    }

    /// <summary>How many accounts miss an event, have one twice, or had one too early.</summary>
    public async Task<int> Wrong(Platform platform)
    {
        var (seen, wrong) = (0, 0);
        var query = new ViewQuery { Limit = 1000, CountTotal = false };
        do
        {
            var page = await platform.Views.Query(platform.View("tally"), query, CancellationToken.None);
            seen += page.Items.Count;
            wrong += page.Items.Select(d => JsonSerializer.Deserialize<Tally>(d.Json.Span, LoireJson.Stored))
                .Count(t => t is not { Count: PerAccount - 1, LastVersion: PerAccount, InOrder: true });
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return wrong + _accounts - seen;
    }

    private AccountEvent Event(int account, int n) => n == 0
        ? new AccountEvent.Opened("ada", Money.Of(0))
        : new AccountEvent.Deposited(Money.Of(n == PerAccount / 2 && account % (_accounts / bad) == 0 ? TallyView.Bad : 100));
}
