using System.Text.Json;
using Loire.EventLog.Views;

namespace Loire.Testing;

/// <summary>The views and checkpoints of a storage. To be used under its lock.</summary>
internal sealed class InMemoryViews
{
    private readonly Dictionary<string, InMemoryView> _views = [];
    private readonly Dictionary<(string Subscription, int Partition), long> _checkpoints = [];

    private readonly SortedDictionary<(string Subscription, int Partition), long> _moves = [];
    private long _lastMove;

    public void Define(ViewSchema schema) => _views.TryAdd(schema.StoreName, new InMemoryView());

    public void Drop(ViewSchema schema)
    {
        _views.Remove(schema.StoreName);
        foreach (var checkpoint in _checkpoints.Keys.Where(c => BelongsTo(schema, c.Subscription)).ToList())
        {
            _checkpoints.Remove(checkpoint);
            _moves.Remove(checkpoint);
        }
    }

    /// <exception cref="InvalidOperationException">It has not been defined.</exception>
    public InMemoryView View(ViewSchema schema) => _views.TryGetValue(schema.StoreName, out var view)
        ? view
        : throw new InvalidOperationException($"The view {schema.StoreName} is not defined.");

    public long Checkpoint(string subscription, int partition) => _checkpoints.GetValueOrDefault((subscription, partition));

    /// <summary>The last moves of all partitions of a subscription.</summary>
    public string Stamp(string subscription) =>
        string.Join(',', _moves.Where(move => move.Key.Subscription == subscription).Select(move => $"{move.Key.Partition}:{move.Value}"));

    /// <summary>How far all partitions of a subscription have come that have begun; 0 when none has.</summary>
    public long Lowest(string subscription) =>
        _checkpoints.Where(c => c.Key.Subscription == subscription).Select(c => c.Value).DefaultIfEmpty(0).Min();

    /// <summary>Looks at everything before it changes anything.</summary>
    /// <exception cref="InvalidOperationException">A view is not defined, or a document is not JSON: nothing has changed.</exception>
    public bool Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes)
    {
        if (move.All.Any(m => Checkpoint(m.Subscription, m.Partition) != m.From))
        {
            return false;
        }

        var actions = changes.Select(Prepare).ToList();
        actions.ForEach(change => change());
        foreach (var m in move.All)
        {
            _checkpoints[(m.Subscription, m.Partition)] = m.To;
            _moves[(m.Subscription, m.Partition)] = ++_lastMove;
        }

        return true;
    }

    private static bool BelongsTo(ViewSchema schema, string subscription) =>
        subscription == schema.StoreName || subscription.StartsWith($"{schema.StoreName}/", StringComparison.Ordinal);

    private Action Prepare(DocumentChange change)
    {
        var view = View(change.View);
        switch (change)
        {
            case DocumentChange.Put put:
                var json = put.Json.ToArray();
                var root = Parse(put, json);
                return () => view.Put(put.Id, json, root);
            case DocumentChange.Delete:
                return () => view.Delete(change.Id);
            default:
                throw new NotSupportedException($"No such change: {change.GetType().Name}.");
        }
    }

    private static JsonElement Parse(DocumentChange.Put put, byte[] json)
    {
        try
        {
            return JsonElement.Parse(json);
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"The document {put.Id} of {put.View.StoreName} is not JSON. {e.Message}", e);
        }
    }
}
