using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Inbox;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Inbox;

/// <summary>A consumer that adds up amounts in one document: whatever is counted twice, or lost, shows.</summary>
internal sealed class Till(LoireTestCluster cluster, IServiceProvider silo, string consumer = "till")
{
    private static readonly ViewSchema Sums = new("test-sums", 1, []);

    /// <summary>How often a handler has run.</summary>
    public int Runs { get; private set; }

    /// <summary>What else happens while a message is being handled.</summary>
    public Func<CancellationToken, Task> Meanwhile { get; set; } = _ => Task.CompletedTask;

    public Task<InboxResult> Take(string messageId, int amount) => silo.GetRequiredService<IInbox>().Once(
        consumer,
        messageId,
        async cancellation =>
        {
            Runs++;
            await cluster.Views.Define(Sums, cancellation);
            var sum = await Sum() + amount;
            await Meanwhile(cancellation);
            return new InboxOutcome(
                [new DocumentChange.Put(Sums, consumer, JsonSerializer.SerializeToUtf8Bytes(new { sum }))], Answer: $"sum {sum}");
        },
        TestContext.Current.CancellationToken);

    public async Task<int> Sum() => await cluster.Views.Find(Sums, consumer) is { } document
        ? JsonElement.Parse(document.Json.Span).GetProperty("sum").GetInt32()
        : 0;
}
