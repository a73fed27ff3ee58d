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
