using System.Collections.Concurrent;
using System.Threading.Channels;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Timers;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Timers;

/// <summary>What the sleepers of a test have in common: their documents, and who has been woken.</summary>
public sealed class Sleepers
{
    private static readonly ViewField WakeAt = new(WakeUpSource.FieldName, ViewFieldKind.Time, Indexed: true);
    private static readonly CheckpointMove Still = new("sleepers", Partition: 0, From: 0, To: 0);

    public static ViewSchema Schema { get; } = new("sleepers", 1, [WakeAt]);

    public Channel<string> Woken { get; } = Channel.CreateUnbounded<string>();

    public ConcurrentDictionary<string, int> Counts { get; } = [];

    public void Register(LoireBuilder loire)
    {
        loire.Services.AddSingleton(this);
        loire.AddWakeUps(_ => new WakeUpSource(Schema, document => GrainId.Create(SleeperGrain.Type, document.Id)));
    }

    public static async Task Sleep(IViewStore store, params IEnumerable<(string Id, DateTimeOffset Until)> sleepers)
    {
        await store.Define(Schema);
        (await store.Commit(
            Still, [.. sleepers.Select(s => new DocumentChange.Put(Schema, s.Id, Json(s.Until)))])).ShouldBeTrue();
    }

    public static Task GetUp(IViewStore store, string id) => store.Commit(Still, [new DocumentChange.Put(Schema, id, Json(null))]);

    public async Task<string> Next()
    {
        using var limit = new CancellationTokenSource(LoireHost.Limit);
        return await Woken.Reader.ReadAsync(limit.Token);
    }

    private static byte[] Json(DateTimeOffset? until) =>
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { wakeAt = until }, Serialization.LoireJson.Stored);
}

/// <summary>Tells that it has been woken. One whose name says that it is lazy stays in bed, and one that is broken throws.</summary>
[GrainType(Type)]
internal sealed class SleeperGrain(Sleepers sleepers, IViewStore store) : Grain, IWakeable
{
    public const string Type = "sleeper";

    public async Task Wake()
    {
        var name = this.GetPrimaryKeyString();
        sleepers.Counts.AddOrUpdate(name, 1, (_, count) => count + 1);
        if (!name.StartsWith("lazy", StringComparison.Ordinal) && !name.StartsWith("broken", StringComparison.Ordinal))
        {
            await Sleepers.GetUp(store, name);
        }

        await sleepers.Woken.Writer.WriteAsync(name);
        if (name.StartsWith("broken", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("It is broken.");
        }
    }
}
