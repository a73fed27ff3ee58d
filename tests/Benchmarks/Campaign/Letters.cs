using System.Diagnostics;
using Loire.DeadLetters;
using Loire.EventLog.Views;

namespace Loire.Benchmarks.Campaign;

/// <summary>Counts the dead letters of a campaign, and retries them.</summary>
internal sealed class Letters(IGrainFactory grains, IViewStore views)
{
    public async Task<(long Parked, long Waiting)> Count(string subscription) =>
        (await Count(subscription, "parked"), await Count(subscription, "waiting") + await Count(subscription, "retrying"));

    /// <summary>Waits until no subscription tries an event again by itself any more, and each has parked so many.</summary>
    public async Task UntilParked(int count, TimeSpan patience)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < patience; await Task.Delay(500))
        {
            var done = true;
            foreach (var subscription in CampaignCluster.Subscriptions)
            {
                done &= await Count(subscription, "retrying") == 0 && await Count(subscription, "parked") >= count;
            }

            if (done)
            {
                return;
            }
        }
    }

    public async Task<RetryReport> RetryAll(TimeSpan patience)
    {
        var report = RetryReport.None;
        var clock = Stopwatch.StartNew();
        foreach (var key in CampaignCluster.Partitions)
        {
            RetryReport part;
            do
            {
                part = await grains.GetGrain<IDeadLetterGrain>(key).RetryAll();
                report += part;
            }
            // One that stumbles for the first time now has to be asked for again.
            while (part.Left + part.Failed > 0 && clock.Elapsed < patience);
        }

        return report;
    }

    private async Task<long> Count(string subscription, string state)
    {
        await views.Define(DeadLetter.Schema);
        return (await views.Query(DeadLetter.Schema, new ViewQuery
        {
            Conditions =
            [
                new ViewCondition(DeadLetter.Schema.Field("queue")!, Comparison.Equal, subscription),
                new ViewCondition(DeadLetter.Schema.Field("state")!, Comparison.Equal, state),
            ],
            Limit = 1,
        })).Total!.Value;
    }
}
