using Commerce.Accounts;
using Commerce.Values;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.Projections;

/// <summary>
/// Two clusters work on one store and know nothing of each other, as the two sides of a network that has come apart: what
/// rebuilds and audits a view is there twice.
/// </summary>
public sealed class RivalTests : IAsyncLifetime
{
    private readonly InMemoryStorage _storage = new();
    private readonly StoreFaults _faults = new();
    private readonly StoreFaults _rivalFaults = new();
    private RebuildCluster _accounts = null!;

    public async ValueTask InitializeAsync()
    {
        _accounts = await RebuildCluster.Start(TestStore.InMemory(_storage), _faults);
        await _accounts.OpenAccounts(40);
        (await _accounts.Balance("a-39")).ShouldBe(102);
    }

    public ValueTask DisposeAsync() => _accounts.DisposeAsync();

    [Fact]
    public async Task Of_two_that_start_at_once_one_starts_a_rebuild_and_that_comes_to_its_end()
    {
        await using var rival = await Rival(looks: false);
        var filling = _faults.Before(StoreOperationKind.CommitView, "accounts@1.2").Holds();
        var late = _rivalFaults.Before(StoreOperationKind.CommitView, "rebuilds/accounts").Holds();

        // The other has got its generation and has not said so yet.
        var second = rival.Rebuild.Start();
        await late.Happened.WaitAsync(LoireHost.Limit);
        (await _accounts.Rebuild.Start()).Refusal.ShouldBeNull();
        await filling.Happened.WaitAsync(LoireHost.Limit);
        late.Release();

        (await second).Refusal.ShouldBe("The rebuild is under way.");
        filling.Release();
        (await _accounts.Ended()).State.ShouldBe(RebuildState.Completed);
        await _accounts.IsAt(live: 2, last: 2);
        await BothWrite(rival);
    }

    [Fact]
    public async Task What_both_carry_out_takes_over_once()
    {
        await using var rival = await Rival(looks: false);

        // Of the three changes of the table of generations the last one lets it take over.
        var switching = _faults.Before(StoreOperationKind.CommitView, "generations/accounts").Skip(2).Holds();
        (await _accounts.Rebuild.Start()).Refusal.ShouldBeNull();
        await switching.Happened.WaitAsync(LoireHost.Limit);

        await rival.Rebuild.Wake();
        (await rival.Ended()).State.ShouldBe(RebuildState.Completed);
        switching.Release();

        (await _accounts.Ended()).State.ShouldBe(RebuildState.Completed);
        await _accounts.IsAt(live: 2, last: 2);
        await BothWrite(rival);
    }

    [Theory]
    [InlineData(StoreOperationKind.Define, 0)]
    [InlineData(StoreOperationKind.CommitView, 0)]
    [InlineData(StoreOperationKind.CommitView, 3)]
    public async Task What_one_cancels_the_other_gives_up_and_leaves_nothing_behind(StoreOperationKind kind, int skip)
    {
        await using var rival = await Rival(looks: false);
        var held = _faults.Before(kind, "accounts@1.2").Skip(skip).Holds();
        (await _accounts.Rebuild.Start()).Refusal.ShouldBeNull();
        await held.Happened.WaitAsync(LoireHost.Limit);

        (await rival.Rebuild.Cancel()).Plan!.State.ShouldBe(RebuildState.Cancelled);
        held.Release();

        // It goes on where it was held, and finds out.
        (await _accounts.Rebuild.Ended(LoireHost.Limit))!.State.ShouldBe(RebuildState.Cancelled);
        await _accounts.IsAt(live: 1, last: 2);
        await _accounts.NothingIsLeftOf(2);
        await BothWrite(rival);
    }

    [Fact]
    public async Task What_has_been_dropped_is_not_filled_again_by_one_who_stood_still_meanwhile()
    {
        await using var rival = await Rival(looks: false);
        var held = _faults.Before(StoreOperationKind.Define, "accounts@1.2").Holds();
        (await _accounts.Rebuild.Start()).Refusal.ShouldBeNull();
        await held.Happened.WaitAsync(LoireHost.Limit);
        (await rival.Rebuild.Cancel()).Plan!.State.ShouldBe(RebuildState.Cancelled);
        var written = _faults.Before(StoreOperationKind.CommitView, "accounts@1.2").Fails();
        held.Release();

        (await _accounts.Rebuild.Ended(LoireHost.Limit))!.State.ShouldBe(RebuildState.Cancelled);
        await _accounts.NothingIsLeftOf(2);
        written.Happened.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("accounts@1.2", 4)]
    [InlineData("generations/accounts", 1)]
    public async Task What_one_pauses_the_other_does_not_let_take_over(string target, int skip)
    {
        await using var rival = await Rival(looks: false);
        var held = _faults.Before(StoreOperationKind.CommitView, target).Skip(skip).Holds();
        (await _accounts.Rebuild.Start()).Refusal.ShouldBeNull();
        await held.Happened.WaitAsync(LoireHost.Limit);

        (await rival.Rebuild.Pause()).Plan!.State.ShouldBe(RebuildState.Paused);
        held.Release();

        (await _accounts.Rebuild.Ended(LoireHost.Limit))!.State.ShouldBe(RebuildState.Paused);
        (await _accounts.Balance("a-39")).ShouldBe(102);
        (await rival.Rebuild.Cancel()).Plan!.State.ShouldBe(RebuildState.Cancelled);
        await _accounts.IsAt(live: 1, last: 2);
        await _accounts.NothingIsLeftOf(2);
    }

    [Fact]
    public async Task A_pause_that_comes_while_it_takes_over_is_refused()
    {
        await using var rival = await Rival(looks: false);
        var switching = _faults.Before(StoreOperationKind.CommitView, "generations/accounts").Skip(2).Holds();
        (await _accounts.Rebuild.Start()).Refusal.ShouldBeNull();
        await switching.Happened.WaitAsync(LoireHost.Limit);

        (await rival.Rebuild.Pause()).Refusal.ShouldBe("The rebuild is taking over.");
        switching.Release();

        (await _accounts.Ended()).State.ShouldBe(RebuildState.Completed);
        (await rival.Ended()).State.ShouldBe(RebuildState.Completed);
        await BothWrite(rival);
    }

    [Fact]
    public async Task What_was_about_to_be_paused_when_it_took_over_is_not()
    {
        await using var rival = await Rival(looks: false);
        var beginning = _faults.Before(StoreOperationKind.CommitView, "generations/accounts").Skip(1).Holds();
        (await _accounts.Rebuild.Start()).Refusal.ShouldBeNull();
        await beginning.Happened.WaitAsync(LoireHost.Limit);
        var late = _rivalFaults.Before(StoreOperationKind.CommitView, "rebuilds/accounts").Holds();
        var pausing = rival.Rebuild.Pause();
        await late.Happened.WaitAsync(LoireHost.Limit);

        var switching = _faults.Before(StoreOperationKind.CommitView, "generations/accounts").Holds();
        beginning.Release();
        await switching.Happened.WaitAsync(LoireHost.Limit);
        late.Release();

        (await pausing).Refusal.ShouldBe("The rebuild is taking over.");
        switching.Release();
        (await _accounts.Ended()).State.ShouldBe(RebuildState.Completed);
        await _accounts.IsAt(live: 2, last: 2);
        await BothWrite(rival);
    }

    [Fact]
    public async Task Of_two_that_audit_each_has_its_own_and_one_reports()
    {
        await _accounts.Damage(_accounts.Accounts, "a-7", new AccountView("a-7", "ada", 103, IsActive: true));
        var held = _faults.Before(StoreOperationKind.CommitView, "accounts@1.2").Skip(2).Holds();
        await using var rival = await Rival(looks: true);
        var (audit, other) = (_accounts.Cluster.Grains.GetGrain<IAuditGrain>("accounts"), rival.Cluster.Grains.GetGrain<IAuditGrain>("accounts"));

        (await audit.Start(new AuditRequest())).Refusal.ShouldBeNull();
        await held.Happened.WaitAsync(LoireHost.Limit);

        // The one that is held writes nothing down any more, so the other takes the audit for its own.
        var report = await rival.Cluster.Patiently(async () => await other.Status() is { State: not AuditState.Running } ended
            ? ended
            : throw new TimeoutException("The audit still runs."));
        held.Release();

        report.Tables.ShouldHaveSingleItem().Differences.ShouldHaveSingleItem().Id.ShouldBe("a-7");
        (await audit.Ended(LoireHost.Limit))!.Revision.ShouldBe(report.Revision);
        await _accounts.NothingIsLeftOf(2);
        await _accounts.NothingIsLeftOf(3);
    }

    private Task<RebuildCluster> Rival(bool looks) => RebuildCluster.Start(
        TestStore.InMemory(_storage), _rivalFaults, rebuilds: o => o.LookEvery = looks ? o.LookEvery : TimeSpan.FromHours(1));

    // Each through its own activations.
    private async Task BothWrite(RebuildCluster rival)
    {
        await _accounts.Cluster.AcceptedInTheEnd("account", "a-39", new AccountCommand.Deposit(Money.Of(8)), "one");
        (await _accounts.Balance("a-39")).ShouldBe(110);
        await rival.Cluster.AcceptedInTheEnd("account", "a-39", new AccountCommand.Deposit(Money.Of(5)), "other");
        (await rival.Balance("a-39")).ShouldBe(115);
    }
}
