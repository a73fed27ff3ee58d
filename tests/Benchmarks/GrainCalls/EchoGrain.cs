namespace Loire.Benchmarks.GrainCalls;

public interface IEchoGrain : IGrainWithIntegerKey
{
    ValueTask<int> Add(int value);

    Task<int> AddTask(int value);
}

public sealed class EchoGrain : Grain, IEchoGrain
{
    private int _sum;

    public ValueTask<int> Add(int value) => new(_sum += value);

    public Task<int> AddTask(int value) => Task.FromResult(_sum += value);
}

public interface IFanOutGrain : IGrainWithIntegerKey
{
    /// <summary>Calls so many grains at once and waits for all of them.</summary>
    Task CallAll(int grains);
}

public sealed class FanOutGrain : Grain, IFanOutGrain
{
    public Task CallAll(int grains) =>
        Task.WhenAll(Enumerable.Range(0, grains).Select(key => GrainFactory.GetGrain<IEchoGrain>(key).AddTask(1)));
}
