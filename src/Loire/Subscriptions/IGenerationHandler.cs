using Loire.EventLog.Views;

namespace Loire.Subscriptions;

/// <summary>
/// A handler whose documents live in generations: its checkpoint is that of the generation, and another generation can take
/// over. All of it is called under the turn of the subscription's checkpoint.
/// </summary>
internal interface IGenerationHandler : ISubscriptionHandler
{
    /// <summary>The name under which the checkpoint of the live generation is kept. Known after <see cref="ISubscriptionHandler.Prepare"/>.</summary>
    string CheckpointName { get; }

    /// <summary>Where the documents of the live generation are kept. Known after <see cref="ISubscriptionHandler.Prepare"/>.</summary>
    ViewSchema Table { get; }

    /// <summary>Why no events can be handled now, though nothing is wrong; <see langword="null"/> if they can. Known after <see cref="ISubscriptionHandler.Prepare"/>.</summary>
    string? Waiting { get; }

    /// <summary>Says which partition it handles; called once, before everything else.</summary>
    void Assign(int partition);

    /// <summary>Whether the generation that it was prepared for is the live one still.</summary>
    Task<bool> IsLive(CancellationToken cancellation);

    /// <summary>Brings this partition of another generation to where the subscription stands, or further.</summary>
    Task CatchUp(int generation, long position, CancellationToken cancellation);

    /// <summary>Makes another generation the live one, when all partitions have caught up and hold still.</summary>
    Task Switch(int generation, CancellationToken cancellation);
}
