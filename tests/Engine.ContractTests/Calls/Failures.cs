namespace Loire.Engine.ContractTests.Calls;

[GenerateSerializer]
public sealed class OutOfStockException(string message, int left, Exception? inner = null) : Exception(message, inner)
{
    [Id(0)]
    public int Left { get; } = left;
}

public interface IFailureGrain : IGrainWithStringKey
{
    Task Wrapped();

    Task Own(int left);

    Task<string> Several();

    ValueTask<int> OfValueTask();

    Task Cancelled();

    Task Through(IFailureGrain other);

    Task<string?> Nothing();
}

public sealed class FailureGrain : Grain, IFailureGrain
{
    public Task Wrapped() => throw new InvalidOperationException("outer", new NotSupportedException("inner"));

    public Task Own(int left) => throw new OutOfStockException("no more", left);

    public async Task<string> Several() => throw new AggregateException("several", new NotSupportedException("one"), new FormatException("two"));

    public async ValueTask<int> OfValueTask()
    {
        await Task.Yield();
        throw new FormatException("bad");
    }

    public Task Cancelled() => Task.FromCanceled(new CancellationToken(canceled: true));

    public Task Through(IFailureGrain other) => other.Own(3);

    public Task<string?> Nothing() => Task.FromResult<string?>(null);
}

public sealed class Failures
{
    [Fact]
    public async Task Inner_exceptions_come_along()
    {
        await using var host = await TestHost.Start();
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => host.Grain<IFailureGrain>().Wrapped());
        failure.InnerException.ShouldBeOfType<NotSupportedException>().Message.ShouldBe("inner");
    }

    [Fact]
    public async Task Exceptions_of_the_application_keep_what_they_say()
    {
        await using var host = await TestHost.Start();
        (await Should.ThrowAsync<OutOfStockException>(() => host.Grain<IFailureGrain>().Own(7))).Left.ShouldBe(7);
    }

    [Fact]
    public async Task Exceptions_pass_through_the_grains_between()
    {
        await using var host = await TestHost.Start();
        var failure = await Should.ThrowAsync<OutOfStockException>(
            () => host.Grain<IFailureGrain>().Through(host.Grain<IFailureGrain>("b")));
        failure.Left.ShouldBe(3);
    }

    [Fact]
    public async Task Aggregate_exceptions_stay_together()
    {
        await using var host = await TestHost.Start();
        var failure = await Should.ThrowAsync<AggregateException>(() => host.Grain<IFailureGrain>().Several());
        failure.InnerExceptions.Select(e => e.Message).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Value_task_methods_fail_like_others()
    {
        await using var host = await TestHost.Start();
        (await Should.ThrowAsync<FormatException>(() => host.Grain<IFailureGrain>().OfValueTask().AsTask())).Message.ShouldBe("bad");
    }

    [Fact]
    public async Task A_method_that_is_cancelled_cancels_its_caller()
    {
        await using var host = await TestHost.Start();
        await Should.ThrowAsync<OperationCanceledException>(() => host.Grain<IFailureGrain>().Cancelled());
    }

    [Fact]
    public async Task A_result_can_be_null()
    {
        await using var host = await TestHost.Start();
        (await host.Grain<IFailureGrain>().Nothing()).ShouldBeNull();
    }
}
