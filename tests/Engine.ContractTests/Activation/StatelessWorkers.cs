using Orleans.Concurrency;

namespace Loire.Engine.ContractTests.Activation;

public interface IWorkerGrain : IGrainWithStringKey
{
    Task Work(string signal);
}

[StatelessWorker(2)]
public sealed class WorkerGrain(Signals signals) : Grain, IWorkerGrain
{
    public async Task Work(string signal)
    {
        signals.Set("working on " + signal);
        await signals.Wait(signal);
    }
}

public sealed class StatelessWorkers
{
    [Fact]
    public async Task Calls_run_beside_each_other_up_to_the_limit()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<IWorkerGrain>();
        var first = grain.Work("first");
        await host.Signals.Wait("working on first");
        var second = grain.Work("second");
        await host.Signals.Wait("working on second");
        var third = grain.Work("third");
        host.Signals.Set("third");
        host.Signals.IsSet("working on third").ShouldBeFalse();
        host.Signals.Set("first");
        host.Signals.Set("second");
        await Task.WhenAll(first, second, third);
    }
}
