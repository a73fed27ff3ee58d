namespace Loire.Sagas;

/// <summary>Something that a saga does next.</summary>
/// <param name="Step">The step that it is about; empty for the saga as a whole.</param>
internal abstract record SagaMove(string Step)
{
    /// <summary>Whether it is still to be done: while it was under way, an answer or somebody's request may have come.</summary>
    public abstract bool Holds(SagaState state);

    /// <summary>Records an event: nothing has to be done for it outside of the saga.</summary>
    public sealed record Note(string Step, SagaEvent Event) : SagaMove(Step)
    {
        public override bool Holds(SagaState state) => true;
    }

    /// <summary>Sends the commands of a step.</summary>
    public sealed record Send(string Step, StepStanding Standing) : SagaMove(Step)
    {
        public override bool Holds(SagaState state) =>
            state.IsForward && !state.IsDone(Step) && state.StandingOf(Step) is { Waits: false } now && now.Attempts == Standing.Attempts;
    }

    /// <summary>Sees to it that commands of a step which have not taken effect never will.</summary>
    public sealed record Withdraw(string Step) : SagaMove(Step)
    {
        public override bool Holds(SagaState state) => state.InDoubt.Contains(Step);
    }

    /// <summary>Sends the commands that undo a step.</summary>
    public sealed record Undo(string Step, StepStanding Standing) : SagaMove(Step)
    {
        public override bool Holds(SagaState state) => state.Status == SagaStatus.Compensating
            && state.ToCompensate.FirstOrDefault() == Step && state.StandingOf(Step).Attempts == Standing.Attempts;
    }

    /// <summary>Sends what is sent when everything has been undone.</summary>
    public sealed record GiveUp() : SagaMove("")
    {
        public override bool Holds(SagaState state) =>
            state is { Status: SagaStatus.Compensating, InDoubt.IsEmpty: true, ToCompensate.IsEmpty: true };
    }
}

/// <summary>What a saga does next.</summary>
/// <param name="Moves">All of them can be made at the same time.</param>
/// <param name="Due">When there may be more to do, though nothing has happened.</param>
internal sealed record SagaPlan(IReadOnlyList<SagaMove> Moves, DateTimeOffset? Due);
