using Commerce.Accounts;
using Commerce.Values;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.Projections;

/// <summary>Views are filled anew beside what people read.</summary>
public sealed class RebuildTests
{
    public static TheoryData<string> Stores => ["memory", "sqlite"];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_view_that_was_damaged_is_as_the_log_says_after_a_rebuild(string store)
    {
        await using var accounts = await RebuildCluster.Start(store == "memory" ? TestStore.InMemory() : TestStore.Sqlite());
        await accounts.OpenAccounts(50);
        (await accounts.Balance("a-1")).ShouldBe(102);
        await accounts.Damage(accounts.Accounts, "a-1", new AccountView("a-1", "mallory", 1_000_000, IsActive: true));
        await accounts.Damage(accounts.Accounts, "a-2", document: null);
        await accounts.Damage(accounts.Accounts, "ghost", new AccountView("ghost", "mallory", 1, IsActive: true));

        var rebuilt = await accounts.Rebuilt();

        rebuilt.State.ShouldBe(RebuildState.Completed, rebuilt.LastError);
        rebuilt.Generation.ShouldBe(2);
        rebuilt.Position.ShouldBe(accounts.Cluster.Log.Head);
        (await accounts.Balance("a-1")).ShouldBe(102);
        (await accounts.Balance("a-2")).ShouldBe(102);
        (await accounts.Balance("ghost")).ShouldBeNull();
        await accounts.Cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(8)));
        (await accounts.Balance("a-1")).ShouldBe(110);
    }

    [Fact]
    public async Task What_people_read_stays_until_the_new_documents_have_caught_up()
    {
        var faults = new StoreFaults();
        await using var accounts = await RebuildCluster.Start(faults: faults);
        await accounts.OpenAccounts(50);
        var held = faults.Before(StoreOperationKind.CommitView, "accounts@1.2").Skip(3).Holds();

        await accounts.Rebuild.Start();
        await held.Happened.WaitAsync(LoireHost.Limit);

        (await accounts.Balance("a-49")).ShouldBe(102);
        await accounts.Cluster.Accepted("account", "a-49", new AccountCommand.Deposit(Money.Of(8)));
        (await accounts.Balance("a-49")).ShouldBe(110);
        (await accounts.Rebuild.Start()).Refusal.ShouldBe("The rebuild is under way.");

        held.Release();
        (await accounts.Ended()).State.ShouldBe(RebuildState.Completed);
        (await accounts.Balance("a-49")).ShouldBe(110);
    }

    [Fact]
    public async Task The_old_documents_are_dropped_after_a_while()
    {
        var faults = new StoreFaults();
        await using var accounts = await RebuildCluster.Start(faults: faults);
        await accounts.OpenAccounts(5);
        (await accounts.Balance("a-1")).ShouldBe(102);
        var subscription = accounts.Cluster.Grains.GetGrain<Subscriptions.ISubscriptionGrain>("accounts@1/0");
        await subscription.Pause();
        await subscription.Resume();
        (await accounts.Cluster.Views.Checkpoint("accounts@1/changes", 0)).ShouldBe(2);
        var dropped = faults.After(StoreOperationKind.Drop, "accounts@1");

        (await accounts.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        await dropped.Happened.WaitAsync(LoireHost.Limit);

        (await accounts.Cluster.Views.Checkpoint("accounts@1", 0)).ShouldBe(0);
        (await accounts.Cluster.Views.Checkpoint("accounts@1/changes", 0)).ShouldBe(0);
        (await accounts.Balance("a-1")).ShouldBe(102);
    }

    [Fact]
    public async Task A_rebuild_can_be_paused_and_resumed_and_outlives_a_restart_in_between()
    {
        var faults = new StoreFaults();
        await using var accounts = await RebuildCluster.Start(faults: faults);
        await accounts.OpenAccounts(50);
        var slow = faults.Before(StoreOperationKind.CommitView, "accounts@1.2").Skip(2).Holds();
        await accounts.Rebuild.Start();
        await slow.Happened.WaitAsync(LoireHost.Limit);

        var pausing = accounts.Rebuild.Pause();
        await IsThere(accounts);
        slow.Release();
        (await pausing).Plan!.State.ShouldBe(RebuildState.Paused);
        await accounts.Cluster.Restart();
        (await accounts.Rebuild.Status())!.State.ShouldBe(RebuildState.Paused);

        // The call may come when all of it has been filled; what is paused does not take over.
        (await accounts.Cluster.Views.Checkpoint("accounts@1.2", 0)).ShouldBeInRange(1, accounts.Cluster.Log.Head);
        (await accounts.Balance("a-49")).ShouldBe(102);
        (await accounts.Cluster.Views.Checkpoint("accounts@1", 0)).ShouldBe(accounts.Cluster.Log.Head);

        (await accounts.Rebuild.Resume()).Refusal.ShouldBeNull();
        (await accounts.Ended()).State.ShouldBe(RebuildState.Completed);
        (await accounts.Balance("a-49")).ShouldBe(102);
    }

    [Fact]
    public async Task A_rebuild_that_is_cancelled_leaves_the_view_as_it_was_and_nothing_behind()
    {
        var faults = new StoreFaults();
        await using var accounts = await RebuildCluster.Start(faults: faults);
        await accounts.OpenAccounts(50);
        var slow = faults.Before(StoreOperationKind.CommitView, "accounts@1.2").Skip(2).Holds();
        await accounts.Rebuild.Start();
        await slow.Happened.WaitAsync(LoireHost.Limit);

        var cancelling = accounts.Rebuild.Cancel();
        await IsThere(accounts);
        slow.Release();

        (await cancelling).Plan!.State.ShouldBe(RebuildState.Cancelled);
        (await accounts.Cluster.Views.Checkpoint("accounts@1.2", 0)).ShouldBe(0);
        await Should.ThrowAsync<InvalidOperationException>(() => accounts.Cluster.Views.Find(accounts.Accounts.InGeneration(2), "a-1"));
        (await accounts.Balance("a-49")).ShouldBe(102);
        (await accounts.Rebuild.Cancel()).Refusal.ShouldBe("The rebuild has ended.");
        (await accounts.Rebuilt()).Generation.ShouldBe(3);
        (await accounts.Balance("a-49")).ShouldBe(102);
    }

    [Fact]
    public async Task An_event_that_could_not_be_handled_before_is_no_reason_not_to_take_over()
    {
        await using var accounts = await RebuildCluster.Start();
        await accounts.OpenAccounts(5);
        (await accounts.Balance("a-1")).ShouldBe(102);

        // No account has been opened here: the projection has nothing to add to.
        await accounts.Cluster.Given("account", "never-opened", new AccountEvent.Deposited(Money.Of(1)));
        (await accounts.Balance("a-4")).ShouldBe(102);
        var rebuilt = await accounts.Rebuilt();

        rebuilt.State.ShouldBe(RebuildState.Completed, rebuilt.LastError);
        rebuilt.SetAside.ShouldBe(1);
        (await accounts.Balance("a-4")).ShouldBe(102);
    }

    [Fact]
    public async Task A_view_that_was_never_rebuilt_says_so()
    {
        await using var accounts = await RebuildCluster.Start();

        (await accounts.Rebuild.Status()).ShouldBeNull();
        (await accounts.Rebuild.Pause()).Refusal.ShouldBe("The view has not been rebuilt.");
        (await accounts.Rebuild.Resume()).Refusal.ShouldBe("The view has not been rebuilt.");
    }

    // The call before has begun when this one is answered: calls of one caller reach a grain that is active in their order.
    private static Task IsThere(RebuildCluster accounts) => accounts.Rebuild.Status();
}
