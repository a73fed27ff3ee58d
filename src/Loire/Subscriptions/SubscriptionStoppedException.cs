namespace Loire.Subscriptions;

/// <summary>A subscription stands at an event that it cannot handle: its policy wants that, or too much fails to set it all aside.</summary>
internal sealed class SubscriptionStoppedException(string reason, Exception cause) : Exception($"{reason} {cause.Message}", cause);

/// <summary>A checkpoint is not where it was left: somebody else handles the same subscription. Nothing was changed.</summary>
internal sealed class CheckpointMovedException(string subscription)
    : Exception($"The checkpoint of {subscription} was moved by somebody else.");
