namespace Loire.Journaling;

/// <summary>Journaled grains of one's own.</summary>
public static class Journals
{
    /// <summary>
    /// Name of the log-consistency provider that keeps a grain's events in the log:
    /// <c>[LogConsistencyProvider(ProviderName = Journals.Provider)]</c>. The grain's events are registered with
    /// <see cref="Hosting.LoireBuilder.AddJournal{TGrain,TEvent}"/>.
    /// </summary>
    public const string Provider = "loire";
}
