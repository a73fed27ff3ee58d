using Loire.EventLog.Views;
using Microsoft.Extensions.Options;

namespace Loire.Gateway.Health;

/// <summary>
/// Finds out whether the store answers, by reading, and whether it takes writes, by writing: with a full disk, or as a standby,
/// it would still answer every other question. A write that has succeeded stands for
/// <see cref="GatewayOptions.StoreWriteInterval"/>, one that has failed for nothing. Whoever asks while somebody else does
/// shares the answer, so that many probes cost no more than one.
/// </summary>
internal sealed class StoreProbe(IViewStore store, TimeProvider time, IOptions<GatewayOptions> options)
{
    private const string Name = "health";

    private readonly Lock _gate = new();
    private Task<StoreAnswer>? _asking;
    private StoreAnswer? _written;

    /// <returns>What the store has last been found to do. It fails when the store does not read or does not write now.</returns>
    public Task<StoreAnswer> Ask()
    {
        lock (_gate)
        {
            return _asking is { IsCompleted: false } ? _asking : _asking = AskNow();
        }
    }

    private async Task<StoreAnswer> AskNow()
    {
        if (_written is { } last && time.GetElapsedTime(last.WrittenAt) < options.Value.StoreWriteInterval)
        {
            await store.Checkpoint(Name, partition: 0);
            return last;
        }

        _written = null;
        var began = time.GetTimestamp();

        // A checkpoint that stays where it is has to be written all the same.
        await store.Commit(new CheckpointMove(Name, Partition: 0, From: 0, To: 0), []);
        return _written = new StoreAnswer(time.GetElapsedTime(began), time.GetTimestamp());
    }
}

/// <param name="Write">How long the last write took.</param>
/// <param name="WrittenAt">When it ended, as a timestamp of the time provider.</param>
internal sealed record StoreAnswer(TimeSpan Write, long WrittenAt);
