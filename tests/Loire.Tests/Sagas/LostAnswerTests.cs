using Commerce.Accounts;
using Commerce.Values;
using Loire.EventLog;
using Loire.Sagas;
using Loire.Testing;

namespace Loire.Tests.Sagas;

public sealed class LostAnswerTests
{
    [Fact]
    public async Task Nothing_is_done_on_an_answer_that_does_not_get_to_the_disk()
    {
        var faults = new StoreFaults();
        await using var cluster = await TripHost.Start(new LoireTestClusterOptions { Faults = faults });
        await cluster.Accepted("account", "from", new AccountCommand.Open("ada", Money.Of(20)));
        await cluster.Accepted("account", "agent", new AccountCommand.Open("bob", Money.Of(0)));
        await cluster.Accepted("account", "to", new AccountCommand.Open("eve", Money.Zero));

        // Several, because it is chance whether a saga that an answer wakes looks at itself before the answer is on disk.
        var trips = Enumerable.Range(0, 20).Select(i => $"t-{i}").ToList();
        foreach (var id in trips)
        {
            await cluster.Saga(id).Start(TripHost.Json(new Trip.Context("from", "agent", Money.Of(1))), SagaCause.Unknown);
        }

        await Task.WhenAll(trips.Select(id => cluster.Waits(id, "agree")));

        // The store hands appends on in their order, so all answers wait behind this one, and then fail.
        var held = faults.Before(StoreOperationKind.Append, "account/agent").Holds();
        trips.ForEach(id => faults.Before(StoreOperationKind.Append, $"{Trip.Name}/{id}").Fails());
        var first = cluster.Accepted("account", "agent", new AccountCommand.Deposit(Money.Of(1)));
        await held.Happened.WaitAsync(cluster.Limit, TestContext.Current.CancellationToken);
        var answers = trips.Select(id => Should.ThrowAsync<StoreUnavailableException>(() => cluster.Saga(id).Agree())).ToList();
        await Task.WhenAll(trips.Select(_ => cluster.Send("account", "to", new AccountCommand.Withdraw(Money.Of(1)))));

        held.Release();
        await first;
        await Task.WhenAll(answers);
        await Task.WhenAll(trips.Select(id => cluster.Saga(id).FailStep("agree", "no", "Nobody agrees.")));

        foreach (var id in trips)
        {
            (await cluster.SagaEnded(Trip.Name, id)).CompensatedSteps.ShouldBe(["take"]);
        }

        (await cluster.Balance("from")).ShouldBe(20);
        (await cluster.Balance("to")).ShouldBe(0);
    }
}
