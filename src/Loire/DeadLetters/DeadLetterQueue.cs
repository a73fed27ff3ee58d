using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;
using Microsoft.Extensions.Logging;

namespace Loire.DeadLetters;

/// <summary>
/// What one partition of a subscription could not handle, and what is done about it. The letters of an aggregate are a line:
/// the first is tried, the others wait. A line always has a first that is marked as such, so that a restart finds it.
/// </summary>
internal sealed partial class DeadLetterQueue(
    SubscriptionDefinition subscription,
    FailurePolicy policy,
    ISubscriptionHandler handler,
    SubscriptionCheckpoint checkpoint,
    SetAside setAside,
    DeadLetterWriting writing,
    DeadLetterReading reading,
    AmendmentWriting amendments,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>How many letters of a line are handled in one transaction once the first of them has been.</summary>
    private const int Together = 100;

    private readonly ILogger _logger = logger;

    private bool _isCutOff;

    private HeldBack HeldBack => setAside.HeldBack;

    /// <summary>
    /// When the next letter is to be tried again by itself; <see langword="null"/> if none is, or if what was in the way the
    /// last time was no event's fault: then nobody hurries.
    /// </summary>
    public DateTimeOffset? NextDue => _isCutOff ? null : HeldBack.NextDue;

    public async Task Define(CancellationToken cancellation)
    {
        await reading.Define(cancellation);
        await amendments.Define(cancellation);
    }

    /// <summary>Learns which aggregates are held back.</summary>
    public async Task Load(CancellationToken cancellation)
    {
        HeldBack.Clear();
        await foreach (var head in reading.Heads(cancellation))
        {
            HeldBack.Set(head);
        }
    }

    /// <summary>Tries again what is due, for as long as there is time. What is no event's fault is left for later.</summary>
    public async Task RetryDue(DateTimeOffset until, CancellationToken cancellation)
    {
        _isCutOff = false;
        foreach (var stream in HeldBack.Due(time.GetUtcNow()))
        {
            if (time.GetUtcNow() >= until)
            {
                return;
            }

            try
            {
                await Retry(stream, until, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested && e is not CheckpointMovedException)
            {
                HeldBack.Postpone(stream, time.GetUtcNow() + policy.InitialDelay);
                _isCutOff = true;
                LogPostponed(e, subscription.Name, stream);
                return;
            }
        }
    }

    /// <summary>Tries the lines of all aggregates now, for as long as there is time.</summary>
    public async Task<RetryReport> RetryAll(DateTimeOffset until, CancellationToken cancellation)
    {
        var report = RetryReport.None;
        var streams = HeldBack.All();
        for (var i = 0; i < streams.Count; i++)
        {
            if (time.GetUtcNow() >= until)
            {
                return report with { Left = streams.Count - i };
            }

            report += await Retry(streams[i], until, cancellation);
        }

        return report;
    }

    /// <summary>Tries the first letter of a line, and when it has been handled, those behind it in their order, until one fails.</summary>
    public async Task<RetryReport> Retry(StreamName stream, DateTimeOffset until, CancellationToken cancellation)
    {
        var report = RetryReport.None;
        for (var together = 1; ; together = Together)
        {
            // One more than are handled tells who is the first then.
            var line = await reading.Line(stream, together + 1, cancellation);
            if (line.Count == 0)
            {
                HeldBack.Release(stream);
                return report;
            }

            var (done, changes, failure) = await Handle([.. line.Take(together)], cancellation);
            report += failure is null ? await Settle(line, done, changes) : await Fail(line, failure);
            if (!HeldBack.Contains(stream) || HeldBack.PositionOf(stream) == line[0].Position)
            {
                return report;
            }

            if (time.GetUtcNow() >= until)
            {
                return report with { Left = 1 };
            }
        }
    }

    private async Task<RetryReport> Settle(IReadOnlyList<DeadLetter> line, int done, IReadOnlyList<DocumentChange> changes)
    {
        var next = line.Skip(done).Select(writing.First).FirstOrDefault();
        await checkpoint.Stay([.. changes, .. line.Take(done).Select(DeadLetterWriting.Delete), .. PutIfAny(next)]);
        handler.Committed();
        setAside.Share.Handled(done);
        LogHandled(subscription.Name, done, line[0].Stream, line[0].Position);
        Follow(line[0].Stream, next);
        return new RetryReport(done, 0, 0);
    }

    private async Task<RetryReport> Fail(IReadOnlyList<DeadLetter> line, Exception failure)
    {
        var failed = writing.Failed(line[0], failure, policy);

        // One that is given up leaves its place to the next.
        var next = failed.HeadOf is null ? line.Skip(1).Select(writing.First).FirstOrDefault() : null;
        await checkpoint.Stay([DeadLetterWriting.Put(failed), .. PutIfAny(next)]);
        setAside.FailedAgain(failed, failure);
        if (failed.HeadOf is null)
        {
            Follow(failed.Stream, next);
        }

        return new RetryReport(0, 1, 0);
    }

    private void Follow(StreamName stream, DeadLetter? next)
    {
        if (next is null)
        {
            HeldBack.Release(stream);
        }
        else
        {
            HeldBack.Set(next);
        }
    }

    private static IEnumerable<DocumentChange> PutIfAny(DeadLetter? letter) => letter is null ? [] : [DeadLetterWriting.Put(letter)];

    /// <returns>How many letters from the first were handled, or why the first was not.</returns>
    private async Task<(int Done, IReadOnlyList<DocumentChange> Changes, Exception? Failure)> Handle(
        IReadOnlyList<DeadLetter> letters, CancellationToken cancellation)
    {
        for (var count = letters.Count; ;)
        {
            try
            {
                return (count, await handler.Handle([.. letters.Take(count).Select(l => l.ToEvent())], cancellation), null);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested && policy.Blames(e))
            {
                if (count == 1)
                {
                    return (0, [], e);
                }

                count /= 2;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Subscription} has handled {Count} events of {Stream} that had been set aside, from position {Position} on")]
    private partial void LogHandled(string subscription, int count, StreamName stream, long position);

    [LoggerMessage(LogLevel.Warning, "{Subscription} cannot try again now what was set aside of {Stream}; it will later")]
    private partial void LogPostponed(Exception e, string subscription, StreamName stream);
}
