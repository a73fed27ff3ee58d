using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Microsoft.Extensions.Logging;

namespace Loire.Subscriptions;

/// <summary>
/// One partition of one subscription: takes events in the order of the log, and sets aside those that cannot be handled, with
/// the later ones of their aggregates. Whoever calls it sees that calls do not overlap. After a
/// <see cref="CheckpointMovedException"/> it has to be opened again.
/// </summary>
internal sealed class Subscription
{
    private readonly SubscriptionParts _parts;
    private readonly ISubscriptionHandler _handler;
    private readonly SubscriptionCheckpoint _checkpoint;
    private readonly SetAside _setAside;
    private readonly Intake _intake;

    public Subscription(SubscriptionDefinition definition, int partition, SubscriptionParts parts, FailurePolicy policy)
    {
        (Definition, Partition, _parts) = (definition, partition, parts);
        _handler = definition.NewHandler();
        Generations = _handler as IGenerationHandler;
        Generations?.Assign(partition);
        _checkpoint = new SubscriptionCheckpoint(partition, parts.Store);
        var writing = new DeadLetterWriting(definition.Name, _checkpoint, parts.Time);
        var reading = new DeadLetterReading(definition.Name, _checkpoint, parts.Store);
        _setAside = new SetAside(Key, policy, new DeadLetterAlert(Key, parts.Options, parts.Time, parts.Logger), writing, parts.Logger);
        _intake = new Intake(_handler, _checkpoint, _setAside, policy);
        var amendments = new AmendmentWriting(definition.Name, definition.Partitions, _checkpoint, parts.Store, parts.Time);
        Letters = new DeadLetterQueue(
            definition, policy, _handler, _checkpoint, _setAside, writing, reading, amendments, parts.Time, parts.Logger);
    }

    public SubscriptionDefinition Definition { get; }

    public int Partition { get; }

    public string Key => SubscriptionBatch.KeyOf(Definition.Name, Partition);

    public bool IsOpen { get; private set; }

    /// <summary>It has handled the log up to here; <see cref="Persisted"/> follows when there is something to write.</summary>
    public long Position { get; private set; }

    /// <summary>Its checkpoint in the store.</summary>
    public long Persisted => _checkpoint.Position;

    public bool Paused { get; private set; }

    /// <summary>Its handler, if its documents live in generations.</summary>
    public IGenerationHandler? Generations { get; }

    /// <summary>The name under which its checkpoint is kept.</summary>
    public string CheckpointName => Generations?.CheckpointName ?? Definition.Name;

    /// <summary>What it could not handle.</summary>
    public DeadLetterQueue Letters { get; }

    /// <summary>How many aggregates it holds back.</summary>
    public int HeldBack => _setAside.HeldBack.Count;

    /// <summary>Learns where it stands, if it does not know.</summary>
    /// <returns>Whether it can handle events. If not, nothing is wrong, and <see cref="IGenerationHandler.Waiting"/> says why.</returns>
    public async Task<bool> Open(CancellationToken cancellation)
    {
        if (IsOpen)
        {
            return true;
        }

        await _handler.Prepare(cancellation);
        if (Generations?.Waiting is not null)
        {
            return false;
        }

        await Letters.Define(cancellation);
        await _checkpoint.Read(CheckpointName, Generations?.Table, cancellation);
        if (Generations is not null && !await Generations.IsLive(cancellation))
        {
            // It may have been replaced and dropped meanwhile: what was read would then be that of one that has not begun.
            throw new CheckpointMovedException(Key);
        }

        Paused = await SubscriptionControl.Find(_parts.Store, Key, cancellation) is { Paused: true };
        await Letters.Load(cancellation);
        Position = _checkpoint.Position > 0 ? _checkpoint.Position : await _parts.Starts.Of(Definition, cancellation);
        return IsOpen = true;
    }

    /// <summary>Forgets what it knows, because somebody else has changed it.</summary>
    public void Close() => IsOpen = false;

    /// <summary>Pauses, or goes on, until it is told otherwise.</summary>
    public async Task Pause(bool paused)
    {
        // Even if it seems to be so already: somebody else may have said otherwise, and the commit finds that out.
        await _checkpoint.Stay([new SubscriptionControl(paused, _parts.Time.GetUtcNow()).For(Key)]);
        Paused = paused;
        if (!paused)
        {
            _setAside.Share.Forget();
        }
    }

    /// <summary>Puts a checkpoint that has moved over events nobody wanted on disk.</summary>
    public Task Persist() => _checkpoint.MoveTo(Position, []);

    /// <summary>Handles what follows its position.</summary>
    /// <param name="events">The events it wants, in order.</param>
    /// <param name="through">How far the log has been looked through for them.</param>
    /// <param name="reached">Told of each position that it reaches on the way, with the events that it has dealt with up to there.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SubscriptionStoppedException">It stands at an event that it cannot handle.</exception>
    public async Task Advance(
        IReadOnlyList<RecordedEvent> events, long through, Action<long, int> reached, CancellationToken cancellation)
    {
        await _intake.Take(
            new Stretch(events, through),
            stretch =>
            {
                Position = stretch.Through;
                reached(Position, stretch.Events.Count);
            },
            cancellation);
    }
}

/// <summary>What a subscription is made of.</summary>
internal sealed record SubscriptionParts(
    IViewStore Store, SubscriptionStarts Starts, TimeProvider Time, SubscriptionOptions Options, ILogger Logger);
