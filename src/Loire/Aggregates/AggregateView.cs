namespace Loire.Aggregates;

/// <summary>
/// Holds an aggregate's immutable state where a journaled grain wants a mutable object that it can make itself.
/// </summary>
/// <typeparam name="TState">The folded state.</typeparam>
public sealed class AggregateView<TState> : ICopyableView<AggregateView<TState>>
    where TState : class
{
    /// <summary><see langword="null"/> before the first event.</summary>
    public TState? State { get; set; }

    public AggregateView<TState> Copy() => new() { State = State };
}

/// <summary>A view that can be copied cheaply; views that cannot are folded anew when a copy is needed.</summary>
public interface ICopyableView<out TView>
{
    TView Copy();
}
