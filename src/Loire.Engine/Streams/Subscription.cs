using System.Security.Cryptography;
using System.Text;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>A consumer of a stream: a grain, or when <see cref="ClientObserver"/> is set, somebody outside of grains.</summary>
internal sealed record Subscription(StreamId Stream, GrainId Consumer, Guid? ExplicitId)
{
    /// <summary>Receives the items where the consumer is no grain.</summary>
    public object? ClientObserver { get; set; }

    public bool IsOfClient => Consumer.IsDefault;

    // An implicit subscription is the same at any time, so its identity follows from what it connects.
    public Guid Id => ExplicitId ?? new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{Stream} {Consumer}")).AsSpan(0, 16));

    public string Name => IsOfClient ? "A client" : Consumer.ToString();

    public bool Equals(Subscription? other) =>
        other is not null && Stream == other.Stream && Consumer == other.Consumer && ExplicitId == other.ExplicitId;

    public override int GetHashCode() => HashCode.Combine(Stream, Consumer, ExplicitId);
}
