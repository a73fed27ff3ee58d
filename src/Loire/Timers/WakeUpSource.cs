using Loire.EventLog.Views;

namespace Loire.Timers;

/// <summary>
/// A view whose documents say when their instances want to be woken: in the field <c>wakeAt</c>, which a document that
/// waits for nothing leaves empty.
/// </summary>
public sealed class WakeUpSource
{
    /// <summary>The name of the field.</summary>
    public const string FieldName = "wakeAt";

    /// <param name="view">The view; it declares <c>wakeAt</c> as an indexed time.</param>
    /// <param name="target">The grain, an <see cref="IWakeable"/>, that a document belongs to.</param>
    /// <exception cref="ArgumentException">The view has no such field.</exception>
    public WakeUpSource(ViewSchema view, Func<ViewDocument, GrainId> target)
    {
        (View, Target) = (view, target);
        WakeAt = view.Field(FieldName) is { Kind: ViewFieldKind.Time, Indexed: true } field
            ? field
            : throw new ArgumentException($"The view {view.Name} needs an indexed field '{FieldName}' with times.", nameof(view));
    }

    public ViewSchema View { get; }

    public Func<ViewDocument, GrainId> Target { get; }

    internal ViewField WakeAt { get; }
}
