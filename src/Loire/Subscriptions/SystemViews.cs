using System.Collections.Frozen;
using Loire.Processes;
using Loire.Sagas;

namespace Loire.Subscriptions;

/// <summary>
/// The views and checkpoints that the platform keeps for itself, in the same store as everybody's. Nobody else can have their
/// names: one would write over what the other has written.
/// </summary>
internal static class SystemViews
{
    public const string Amendments = "amendments";
    public const string Audits = "audits";
    public const string DeadLetters = "dead-letters";
    public const string Generations = "view-generations";
    public const string Inbox = "inbox";
    public const string Rebuilds = "rebuilds";
    public const string Reminders = "reminders";
    public const string SubscriptionControl = "subscription-control";

    private static readonly FrozenDictionary<string, string> Uses = new Dictionary<string, string>
    {
        [Amendments] = "what people have decided about events that could not be handled",
        [Audits] = "the audits of views",
        [DeadLetters] = "the events that could not be handled",
        [Generations] = "the generations of views",
        [Inbox] = "the messages that idempotent consumers have handled",
        [ProcessesView.Name] = "the processes",
        [Rebuilds] = "the rebuilds of views",
        [Reminders] = "the reminders of grains",
        [SagasView.Name] = "the sagas",
        [SubscriptionControl] = "which subscriptions are paused",

        // A checkpoint only: what the health check writes.
        ["health"] = "whether the store takes writes",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What the platform keeps under a name; <see langword="null"/> if it keeps nothing there.</summary>
    public static string? UseOf(string name) => Uses.GetValueOrDefault(name);
}
