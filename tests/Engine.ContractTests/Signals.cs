using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Loire.Engine.ContractTests;

/// <summary>How tests and grains wait for each other: by name, and never longer than the limit.</summary>
public sealed class Signals
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _once = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Channel<object?>> _reports = new(StringComparer.Ordinal);

    public void Set(string name) => Once(name).TrySetResult();

    public bool IsSet(string name) => Once(name).Task.IsCompleted;

    public Task Wait(string name) => Once(name).Task.WaitAsync(Limit);

    public void Report(string name, object? value) => Reports(name).Writer.TryWrite(value);

    public async Task<T> Next<T>(string name)
    {
        using var limit = new CancellationTokenSource(Limit);
        return (T)(await Reports(name).Reader.ReadAsync(limit.Token))!;
    }

    public int Count(string name) => Reports(name).Reader.Count;

    private TaskCompletionSource Once(string name) =>
        _once.GetOrAdd(name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private Channel<object?> Reports(string name) => _reports.GetOrAdd(name, static _ => Channel.CreateUnbounded<object?>());
}
