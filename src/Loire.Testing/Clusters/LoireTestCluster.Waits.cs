using System.Text.Json;
using Loire.DeadLetters;
using Loire.EventLog.Views;
using Loire.Sagas;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.Testing;

/// <summary>What a test waits for. Each wait ends with the signal, or with a failure that says where things stand.</summary>
public sealed partial class LoireTestCluster
{
    // A silo that dies takes the waits at its subscriptions with it: they are begun again this often.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(2);

    /// <summary>Waits until a subscription has handled the log up to a position, on all of its partitions.</summary>
    /// <param name="subscription">Its name; of a view with its version, as in <c>orders@1</c>.</param>
    /// <param name="position">The position; the end of the log as it is now, if none is given.</param>
    /// <exception cref="SpecificationException">It did not get there within the limit.</exception>
    public Task Reached(string subscription, long? position = null)
    {
        var target = position ?? Log.Head;
        var partitions = _registered.Subscriptions.Get(subscription).Partitions;
        return Task.WhenAll(Enumerable.Range(0, partitions).Select(p => Reached(subscription, p, target)));
    }

    /// <summary>
    /// Waits until nothing is left to do: every subscription has handled the whole log, no event that failed will be tried
    /// again by itself, and every saga has ended. Nothing happens any more then until somebody sends something, or a timer
    /// comes.
    /// </summary>
    /// <exception cref="SpecificationException">There was no end to it within the limit.</exception>
    public async Task Idle()
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var head = Log.Head;
            await Task.WhenAll(_registered.Subscriptions.All.Select(s => Reached(s.Name, head)));
            if (await RunningSagas() is { Count: > 0 } running)
            {
                await Beyond(head, () => $"These sagas had not ended: {string.Join(", ", running)}.", limit.Token);
            }
            else if (await Retrying() is { Count: > 0 } retrying)
            {
                await LookAgain(() => $"These events were still tried again: {string.Join(", ", retrying)}.", limit.Token);
            }
            else if (Log.Head == head)
            {
                return;
            }
        }
    }

    /// <summary>Waits until a saga has completed or failed.</summary>
    /// <returns>The saga as people see it.</returns>
    /// <exception cref="SpecificationException">It did not end within the limit.</exception>
    public async Task<SagaView> SagaEnded(string type, string id) => JsonSerializer.Deserialize<SagaView>(
        await Until(SagasView.Name, $"{type}:{id}", saga => saga.GetProperty("status").GetString() is "completed" or "failed"),
        LoireJson.Stored)!;

    /// <summary>Waits for a document of a view to be as it should; it looks again whenever the log has grown.</summary>
    /// <exception cref="SpecificationException">It did not become so within the limit.</exception>
    public async Task<JsonElement> Until(string view, string id, Func<JsonElement, bool> holds)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var head = Log.Head;
            var document = await View(view, id);
            if (document is { } found && holds(found))
            {
                return found;
            }

            await Beyond(head, () => $"{view}/{id} did not become what was waited for. It is {document?.ToString() ?? "not there"}.", limit.Token);
        }
    }

    private Task<bool> Reached(string subscription, int partition, long position) => Patiently(
        async () => await Grains.GetGrain<ISubscriptionGrain>(SubscriptionBatch.KeyOf(subscription, partition)).WaitUntil(position, Slice)
            ? true
            : throw new TimeoutException($"{subscription} is behind."),
        $"The subscription {subscription} did not reach position {position}.");

    private async Task Beyond(long head, Func<string> otherwise, CancellationToken limit)
    {
        try
        {
            await Log.WaitBeyond(head, limit);
        }
        catch (OperationCanceledException e)
        {
            throw new SpecificationException($"{otherwise()} It was waited for {Limit}.", e);
        }
    }

    // Nobody is told when an event is tried again.
    private async Task LookAgain(Func<string> otherwise, CancellationToken limit)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit);
        }
        catch (OperationCanceledException e)
        {
            throw new SpecificationException($"{otherwise()} It was waited for {Limit}.", e);
        }
    }

    private async Task<IReadOnlyList<string>> Retrying()
    {
        await Views.Define(DeadLetter.Schema);
        var page = await Views.Query(DeadLetter.Schema, new ViewQuery
        {
            Conditions = [new ViewCondition(DeadLetter.Schema.Field("state")!, Comparison.Equal, "retrying")],
        });
        return [.. page.Items.Select(item => item.Id)];
    }

    private async Task<IReadOnlyList<string>> RunningSagas()
    {
        if (!_registered.Views.TryGet(SagasView.Name, out var view))
        {
            return [];
        }

        var status = view.Field("status")!;
        var query = new ViewQuery
        {
            Conditions =
            [
                new ViewCondition(status, Comparison.NotEqual, "completed"), new ViewCondition(status, Comparison.NotEqual, "failed"),
            ],
        };
        var page = await Reader.Query(view, query, CancellationToken.None);
        return [.. page.Items.Select(item => item.Id)];
    }
}
