using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Loire.Engine;

/// <summary>Keeps states in memory, as JSON so that nobody shares an object with the storage.</summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private static readonly JsonSerializerOptions Options = new() { IncludeFields = true };

    private readonly ConcurrentDictionary<(string Name, GrainId Id), Entry> _entries = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_entries.TryGetValue((stateName, grainId), out var entry))
        {
            Set(grainState, JsonSerializer.Deserialize<T>(entry.Json, Options), entry);
        }
        else
        {
            Set(grainState, Activator.CreateInstance<T>(), entry: null);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var version = grainState.ETag is null ? 0 : long.Parse(grainState.ETag, CultureInfo.InvariantCulture);
        var written = new Entry(JsonSerializer.SerializeToUtf8Bytes(grainState.State, Options), version + 1);
        var done = _entries.TryGetValue(key, out var current)
            ? current.Version == version && _entries.TryUpdate(key, written, current)
            : version == 0 && _entries.TryAdd(key, written);
        if (!done)
        {
            throw Changed(grainId, current, grainState);
        }

        Set(grainState, grainState.State, written);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        if (_entries.TryGetValue(key, out var current)
            && (!string.Equals(current.ETag, grainState.ETag, StringComparison.Ordinal) || !_entries.TryRemove(new(key, current))))
        {
            throw Changed(grainId, current, grainState);
        }

        Set(grainState, Activator.CreateInstance<T>(), entry: null);
        return Task.CompletedTask;
    }

    private static void Set<T>(IGrainState<T> grainState, T? state, Entry? entry)
    {
        grainState.State = state;
        grainState.ETag = entry?.ETag;
        grainState.RecordExists = entry is not null;
    }

    private static InconsistentStateException Changed<T>(GrainId id, Entry? current, IGrainState<T> state) =>
        new($"The state of {id} has been changed by somebody else", current?.ETag, state.ETag);

    private sealed record Entry(byte[] Json, long Version)
    {
        public string ETag => Version.ToString(CultureInfo.InvariantCulture);
    }
}
