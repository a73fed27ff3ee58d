namespace Loire.Engine.ContractTests.Filters;

public interface IGuardedGrain : IGrainWithStringKey
{
    Task Enter();

    Task Trespass();
}

/// <summary>Filters the calls to itself.</summary>
public sealed class GuardedGrain(Signals signals) : Grain, IGuardedGrain, IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        signals.Report("filter", "own");
        return context.MethodName == nameof(Trespass) ? throw new UnauthorizedAccessException("keep out") : context.Invoke();
    }

    public Task Enter() => Task.CompletedTask;

    public Task Trespass()
    {
        signals.Set("trespassed");
        return Task.CompletedTask;
    }
}
