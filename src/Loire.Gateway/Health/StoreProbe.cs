using Loire.EventLog.Views;

namespace Loire.Gateway.Health;

/// <summary>
/// Finds out whether the store takes writes, by writing: with a full disk, or as a standby, it would still answer every other
/// question. Whoever asks while a write is under way, or within a second after it, shares it, so that many probes cost no more
/// than one.
/// </summary>
internal sealed class StoreProbe(IViewStore store, TimeProvider time)
{
    private static readonly TimeSpan Shared = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<TimeSpan>? _writing;
    private long _begun;

    /// <returns>How long the write took.</returns>
    public Task<TimeSpan> Write()
    {
        lock (_gate)
        {
            var fresh = _writing is { IsCompleted: false } || (_writing is { IsCompletedSuccessfully: true } && time.GetElapsedTime(_begun) < Shared);
            return fresh ? _writing! : _writing = WriteNow();
        }
    }

    // A checkpoint that stays where it is has to be written all the same.
    private async Task<TimeSpan> WriteNow()
    {
        _begun = time.GetTimestamp();
        await store.Commit(new CheckpointMove("health", Partition: 0, From: 0, To: 0), []);
        return time.GetElapsedTime(_begun);
    }
}
