using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Queries;

namespace Loire.Timers;

/// <summary>
/// Finds what is due in one view and has it woken. What has become due lately is looked at every time; everything that is
/// due, a page at a time, so that instances which stay due for ever do not stand in the way of others.
/// </summary>
internal sealed class DueTimers(WakeUpSource source, ViewReader reader, Waker waker, TimeProvider time, TimerOptions options)
{
    private const int PageSize = 500;
    private const int MaxRemembered = 200_000;

    // Longer than views are behind as a rule. What comes into a view later than this after it was due waits for the next sweep.
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(5);

    private readonly WakeUpAttempts _attempts = new(MaxRemembered, time, options);
    private ViewQuery? _sweep;
    private long? _sweptAt;

    public string View => source.View.Name;

    /// <summary>Has everything woken that has become due lately, and a page of everything that is due.</summary>
    /// <returns>How long there is nothing to do, at most <see cref="TimerOptions.Poll"/>.</returns>
    public async Task<TimeSpan> Look(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        for (var query = Query(PageSize, From(now - Lately), Until(now)); query is not null;)
        {
            query = await WakeAll(query, sweeping: false, cancellation);
        }

        await Sweep(now, cancellation);
        return _sweep is null ? await UntilNext(now, cancellation) : TimeSpan.Zero;
    }

    private async Task Sweep(DateTimeOffset now, CancellationToken cancellation)
    {
        if (_sweep is null && _sweptAt is { } last && time.GetElapsedTime(last) < options.Poll)
        {
            return;
        }

        // If it fails, all of it is looked at anew: the page may belong to a table that is gone.
        var page = _sweep ?? Query(PageSize, Until(now));
        _sweep = null;
        _sweep = await WakeAll(page, sweeping: true, cancellation);
        if (_sweep is null)
        {
            _sweptAt = time.GetTimestamp();
            _attempts.Swept();
        }
    }

    /// <returns>The query of the next page, if there is one.</returns>
    private async Task<ViewQuery?> WakeAll(ViewQuery query, bool sweeping, CancellationToken cancellation)
    {
        var page = await reader.Query(source.View, query, keep: false, cancellation);
        foreach (var document in page.Items)
        {
            if (_attempts.Begin(document, DueOf(document) ?? default, sweeping))
            {
                await waker.Wake(source.Target(document), cancellation);
            }
        }

        return page.Next is null ? null : query with { Cursor = page.Next };
    }

    private async Task<TimeSpan> UntilNext(DateTimeOffset now, CancellationToken cancellation)
    {
        var page = await reader.Query(source.View, Query(1, From(now), Until(now + options.Poll)), keep: false, cancellation);
        var due = page.Items is [var next] ? DueOf(next) : null;
        var wait = due - time.GetUtcNow() ?? options.Poll;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < options.Poll ? wait : options.Poll;
    }

    private ViewQuery Query(int limit, params ViewCondition[] conditions) =>
        new() { Conditions = conditions, Sort = source.WakeAt, Limit = limit, CountTotal = false };

    private ViewCondition From(DateTimeOffset exclusive) => new(source.WakeAt, Comparison.Greater, QueryText.Text(exclusive));

    private ViewCondition Until(DateTimeOffset inclusive) => new(source.WakeAt, Comparison.LessOrEqual, QueryText.Text(inclusive));

    private static DateTimeOffset? DueOf(ViewDocument document) =>
        JsonElement.Parse(document.Json.Span).TryGetProperty(WakeUpSource.FieldName, out var due)
        && due.ValueKind == JsonValueKind.String && due.TryGetDateTimeOffset(out var at)
            ? at
            : null;
}
