namespace Loire.Sagas;

/// <summary>How many sagas of one type there are. Kept with the view of sagas, so that nobody has to count them.</summary>
/// <param name="SagaType">The type; the document's id.</param>
public sealed record SagaTally(string SagaType)
{
    public long Started { get; init; }

    public long Running { get; init; }

    public long Completed { get; init; }

    public long Compensating { get; init; }

    public long Failed { get; init; }

    /// <summary>Those that need somebody's help to go on.</summary>
    public long Stuck { get; init; }

    /// <summary>Those that have failed and left something to be done by hand.</summary>
    public long OpenWork { get; init; }

    /// <summary>How many have a status.</summary>
    public long Of(SagaStatus status) => status switch
    {
        SagaStatus.Started => Started,
        SagaStatus.Running => Running,
        SagaStatus.Completed => Completed,
        SagaStatus.Compensating => Compensating,
        SagaStatus.Failed => Failed,
        _ => 0,
    };

    /// <summary>Whether an event has changed anything that is counted.</summary>
    internal static bool Differ(SagaView? before, SagaView after) =>
        before is null || (before.Status, before.Stuck, before.HasOpenWork) != (after.Status, after.Stuck, after.HasOpenWork);

    /// <summary>The counts after an event of one saga.</summary>
    internal SagaTally Moved(SagaView? before, SagaView after) => (before is null ? this : With(before, -1)).With(after, 1);

    private SagaTally With(SagaView saga, int by) => With(saga.Status, by) with
    {
        Stuck = Stuck + (saga.Stuck ? by : 0),
        OpenWork = OpenWork + (saga.HasOpenWork ? by : 0),
    };

    private SagaTally With(SagaStatus status, int by) => status switch
    {
        SagaStatus.Started => this with { Started = Started + by },
        SagaStatus.Running => this with { Running = Running + by },
        SagaStatus.Completed => this with { Completed = Completed + by },
        SagaStatus.Compensating => this with { Compensating = Compensating + by },
        SagaStatus.Failed => this with { Failed = Failed + by },
        _ => this,
    };
}
