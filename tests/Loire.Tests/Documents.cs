using System.Text.Json;
using Loire.Aggregates;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Queries;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests;

/// <summary>What views and the log say, in a host or in a cluster whose silos come and go.</summary>
/// <param name="log">The log.</param>
/// <param name="views">Reads views.</param>
/// <param name="services">Of a silo that runs.</param>
/// <param name="limit">Longer than any wait should take; one that reaches it has failed.</param>
internal sealed class Documents(IEventLog log, ViewReader views, Func<IServiceProvider> services, TimeSpan limit)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    /// <summary>A document of a view that has seen everything that is in the log now.</summary>
    public async Task<JsonElement?> View(string name, string id)
    {
        var view = ViewNamed(name);
        var head = log.Head;
        await Patience.Until(limit, async () =>
            await views.WaitUntil(view, head, Step) ? true : throw new TimeoutException($"{name} did not reach {head}"));
        var document = await views.Find(view, id, CancellationToken.None);
        return document is null ? null : JsonSerializer.Deserialize<JsonElement>(document.Json.Span);
    }

    /// <summary>Waits for a document of a view to be as it should; it looks again whenever the log has grown.</summary>
    public async Task<JsonElement> Until(string view, string id, Func<JsonElement, bool> holds)
    {
        using var end = new CancellationTokenSource(limit);
        while (true)
        {
            var head = log.Head;
            if (await View(view, id) is { } document && holds(document))
            {
                return document;
            }

            await log.WaitBeyond(head, end.Token);
        }
    }

    /// <summary>The state of an aggregate as its events give it.</summary>
    public async Task<JsonElement> StateOf(string aggregate, string id)
    {
        services().GetRequiredService<AggregateRegistry>().TryGet(aggregate, out var definition).ShouldBeTrue();
        return definition!.Fold(await log.Load(new StreamName(aggregate, id)));
    }

    public ViewSchema ViewNamed(string name)
    {
        services().GetRequiredService<ViewRegistry>().TryGet(name, out var view).ShouldBeTrue();
        return view!;
    }
}
