using Loire.DeadLetters;
using Loire.EventLog.ContractTests.PostgreSql;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.DeadLetters;

public sealed class StoreTests
{
    [Fact]
    public Task Dead_letters_are_kept_in_SQLite() => AreKept(TestStore.Sqlite());

    [Fact]
    public async Task Dead_letters_are_kept_in_PostgreSQL()
    {
        await using var server = await PostgreSqlServer.Start();

        await AreKept(TestStore.PostgreSql(server.ConnectionString()));
    }

    [Fact]
    public async Task Of_thirty_bad_events_among_three_thousand_none_holds_back_another_aggregate()
    {
        const int Accounts = 150;
        await using var host = await LettersHost.Start();
        host.Trouble.With(13);
        for (var n = 0; n < Accounts; n++)
        {
            decimal[] amounts = [.. Enumerable.Range(100, 19).Select(a => (decimal)a)];
            amounts[9] = n % 5 == 0 ? 13 : amounts[9];
            await host.Cluster.Given("account", $"a{n}", [
                new Commerce.Accounts.AccountEvent.Opened("ada", Commerce.Values.Money.Of(0)),
                .. amounts.Select(a => new Commerce.Accounts.AccountEvent.Deposited(Commerce.Values.Money.Of(a)))]);
        }

        await host.Until(letters => letters.Count(l => l.State == DeadLetterState.Parked) == 30);
        await host.Cluster.Reached("deposits@1");
        var good = string.Join(' ', Enumerable.Range(100, 19));
        (await host.Of("a1")).ShouldBe($" {good}");
        (await host.Of("a5")).ShouldBe($" {good[..(9 * 4 - 1)]}");
        (await host.All()).Count.ShouldBe(300);

        host.Trouble.Over();
        (await host.Letters.RetryAll()).ShouldBe(new RetryReport(300, 0, 0));
        for (var n = 0; n < Accounts; n++)
        {
            (await host.Of($"a{n}")).ShouldBe(n % 5 == 0 ? $" {good.Replace("109", "13")}" : $" {good}");
        }
    }

    [Fact]
    public async Task A_generation_that_takes_over_has_handled_what_the_one_before_could_not()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2, 3);
        host.Trouble.Over();
        var rebuild = host.Cluster.Grains.GetGrain<IRebuildGrain>("deposits");

        (await rebuild.Start()).Refusal.ShouldBeNull();
        await host.Until(() => rebuild.Ended(TimeSpan.FromSeconds(1)), plan => plan!.State == RebuildState.Completed);
        (await host.Of("a")).ShouldBe(" 1 13 2 3");
        await host.Deposit("a", 4);

        (await host.Of("a")).ShouldBe(" 1 13 2 3 4");
        await host.Until(letters => letters.Count == 0);
        host.Trouble.With(14);
        await host.Deposit("a", 14);
        (await host.Until(letters => letters.Count == 1))[0].Generation.ShouldNotBe("deposits@1");
        host.Trouble.Over();
        await host.Letters.RetryAll();
        await host.Until(letters => letters.Count == 0);
        (await host.Of("a")).ShouldBe(" 1 13 2 3 4 14");
    }

    private static async Task AreKept(TestStore store)
    {
        await using var host = await LettersHost.Start(store: store);
        await host.Park("a", 2);
        await host.Park("b\ud83d\ude00", 3);
        await host.Deposit("a", 4);

        await host.Cluster.Restart();
        await host.Deposit("a", 5);
        await host.Cluster.Reached("deposits@1");
        (await host.All()).Count.ShouldBe(6);
        (await host.Letters.RetryAll()).Failed.ShouldBe(2);
        host.Trouble.Over();
        (await host.Letters.RetryAll()).ShouldBe(new RetryReport(6, 0, 0));

        (await host.Of("a")).ShouldBe(" 1 13 2 4 5");
        (await host.All()).ShouldBeEmpty();
    }
}
