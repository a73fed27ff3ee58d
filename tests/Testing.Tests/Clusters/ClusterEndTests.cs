using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Tests;

namespace Loire.Testing.Tests.Clusters;

public sealed class ClusterEndTests
{
    [Fact]
    public async Task A_cluster_that_does_not_end_well_says_so()
    {
        var cluster = await Start(new UnclosableStore());
        Task ending;
        using (ExecutionContext.SuppressFlow())
        {
            // Away from this test, so that nobody connects the failure with it.
            ending = Task.Run(() => cluster.DisposeAsync().AsTask());
        }

        (await Should.ThrowAsync<IOException>(ending)).Message.ShouldBe("It does not close.");
    }

    [Fact]
    public async Task It_does_not_hide_what_the_test_has_failed_with()
    {
        var failure = await Should.ThrowAsync<SpecificationException>(async () =>
        {
            await using var cluster = await Start(new UnclosableStore());
            await cluster.Accepted("account", "a-1", new AccountCommand.Withdraw(Money.Of(1)));
        });

        failure.Message.ShouldContain("not-open");
        LateFailuresAttribute.Taken().ShouldHaveSingleItem().ShouldBeOfType<IOException>();
    }

    [Fact]
    public async Task One_that_does_not_start_either_shows_both()
    {
        var failure = await Should.ThrowAsync<AggregateException>(Start(new UnclosableStore(), "no silo"));

        failure.InnerExceptions.Select(e => e.GetBaseException().Message).ShouldBe(["no silo", "It does not close."]);
    }

    private static Task<LoireTestCluster> Start(TestStore store, string? failure = null) => LoireTestCluster.Start(
        loire => loire.AddCommerce(),
        new LoireTestClusterOptions
        {
            Store = store,
            Silo = _ =>
            {
                if (failure is not null)
                {
                    throw new InvalidOperationException(failure);
                }
            },
        });

    private sealed class UnclosableStore : TestStore
    {
        internal override async Task<OpenStore> Open(TimeProvider time)
        {
            var store = await InMemory().Open(time);
            return store with
            {
                Close = async () =>
                {
                    await store.Close();
                    throw new IOException("It does not close.");
                },
            };
        }
    }
}
