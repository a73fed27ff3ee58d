using Loire.EventLog.Views;
using Loire.Projections;

namespace Loire.DeadLetters;

/// <summary>Tells letters that count from those of generations of views that are being filled, or that nobody reads any more.</summary>
internal static class LiveLetters
{
    public static async Task<ViewCondition[]> Conditions(IViewStore store, CancellationToken cancellation) =>
    [
        .. (await new GenerationTable(store).NotLive(cancellation))
            .Select(generation => DeadLetter.Where("generation", Comparison.NotEqual, generation)),
    ];

    public static async Task<bool> Has(IViewStore store, DeadLetter letter, CancellationToken cancellation) =>
        !(await new GenerationTable(store).NotLive(cancellation)).Contains(letter.Generation);
}
