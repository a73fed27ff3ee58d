using System.Collections.Immutable;
using Loire.EventLog;

namespace Loire.Subscriptions;

/// <summary>A stretch of the log on its way to one partition of one subscription.</summary>
/// <param name="From">The position before the stretch (exclusive).</param>
/// <param name="Through">The last position of the stretch (inclusive).</param>
/// <param name="Events">Those events of the stretch that the subscription wants.</param>
[GenerateSerializer, Immutable, Alias("loire.subscription-batch")]
public sealed record SubscriptionBatch(
    [property: Id(0)] long From,
    [property: Id(1)] long Through,
    [property: Id(2)] ImmutableArray<RecordedEvent> Events)
{
    /// <summary>Namespace of the streams that carry batches; a stream's key is <c>name/partition</c>.</summary>
    public const string StreamNamespace = "loire.subscriptions";

    /// <summary>Name of the stream provider.</summary>
    public const string StreamProvider = "loire";

    internal static string KeyOf(string subscription, int partition) => $"{subscription}/{partition}";
}
