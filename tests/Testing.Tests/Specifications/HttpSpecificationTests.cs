using System.Net;
using Commerce;
using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Values;

namespace Loire.Testing.Tests.Specifications;

public sealed class HttpSpecificationTests : IAsyncLifetime
{
    private LoireTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await LoireTestCluster.Start(
        loire => loire.AddCommerce(), new LoireTestClusterOptions { Gateway = true, Silos = 2 });

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_command_is_accepted_and_its_events_follow()
    {
        var answer = await Specify.Http(_cluster)
            .Given("account", "a-1", new AccountEvent.Opened("ada", Money.Of(100)))
            .WhenPost("/api/account/a-1/withdraw", new { amount = 30 });

        answer.Then(HttpStatusCode.OK)
            .ThenHeader("ETag", "\"2\"")
            .ThenBody(new { aggregate = "account", id = "a-1", version = 2, replayed = false })
            .ThenEvents("account", "a-1", new AccountEvent.Withdrawn(Money.Of(30)));
    }

    [Fact]
    public async Task A_rejection_is_a_problem_and_nothing_follows()
    {
        var answer = await Specify.Http(_cluster).WhenPost("/api/account/a-2/withdraw", new { amount = 30 });

        answer.ThenProblem("rejected", HttpStatusCode.Conflict).ThenBody(new { code = "not-open" }).ThenNoEvents();
    }

    [Fact]
    public async Task A_repeated_command_adds_nothing()
    {
        var account = Specify.Http(_cluster).Given("account", "a-3", new AccountEvent.Opened("ada", Money.Of(100)));
        (await account.WhenPost("/api/account/a-3/deposit", new { amount = 1 }, ("Idempotency-Key", "\"k\""))).Then(HttpStatusCode.OK);

        var again = await Specify.Http(_cluster).WhenPost("/api/account/a-3/deposit", new { amount = 1 }, ("Idempotency-Key", "\"k\""));

        again.Then(HttpStatusCode.OK).ThenBody(new { replayed = true }).ThenNoEvents();
    }

    [Fact]
    public async Task What_a_saga_does_afterwards_is_not_taken_for_the_command_s()
    {
        var answer = await Specify.Http(_cluster)
            .Given("inventory", "lamp", new InventoryEvent.StockReceived(Quantity.Of(5)))
            .WhenPost("/api/order/o-1/place", """{"customerId":"ada","items":[{"productId":"lamp","quantity":1,"price":10}],"paymentMethod":"card"}""");
        await _cluster.Idle();

        answer.Then(HttpStatusCode.OK);
        (await Specify.Http(_cluster).WhenGet("/api/order/o-1")).Then(HttpStatusCode.OK).ThenBody(new { aggregate = "order" }).ThenNoEvents();
        (await _cluster.EventsOf("order", "o-1")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task It_goes_on_answering_when_a_silo_is_killed()
    {
        await _cluster.Kill(_cluster.Cluster.Silos[0]);

        (await Specify.Http(_cluster).WhenGet("/api/views")).Then(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_status_fails_and_shows_the_answer()
    {
        var answer = await Specify.Http(_cluster).WhenPost("/api/account/a-4/open", new { ownerId = "ada", initialBalance = 1 });

        Failing.MessageOf(() => answer.Then(HttpStatusCode.Conflict)).ShouldStartWith(
            """
            The status is not the one that was expected.
            when
              POST /api/account/a-4/open {"ownerId":"ada","initialBalance":1}
            expected
              status 409
            got
              status 200
              {"aggregate":"account","id":"a-4","version":1,
            """.TrimEnd());
        Failing.MessageOf(() => answer.ThenHeader("ETag", "\"2\"")).ShouldEndWith("header\n  ETag: \"1\"");
        Failing.MessageOf(() => answer.ThenHeader("Location", "x")).ShouldEndWith("header\n  Location: nothing");
        Failing.MessageOf(() => answer.ThenBody(new { version = 2 })).ShouldEndWith("body, version: expected 2, got 1");
        Failing.MessageOf(() => answer.ThenBody(new { balance = 2 })).ShouldEndWith("body, balance: expected 2, got nothing");
        Failing.MessageOf(() => answer.ThenProblem("rejected", HttpStatusCode.Conflict)).ShouldStartWith("The answer is not the problem that was expected.");
        Failing.MessageOf(() => answer.ThenNoEvents()).ShouldEndWith("events\n  account/a-4: opened {\"ownerId\":\"ada\",\"initialBalance\":1.00}");
        Failing.MessageOf(() => answer.ThenEvents("account", "a-5", new AccountEvent.Opened("ada", Money.Of(1))))
            .ShouldEndWith("event 1: expected account/a-5: opened, got account/a-4: opened");
    }

    [Fact]
    public async Task Without_the_gateway_there_is_no_http()
    {
        await using var silent = await LoireTestCluster.Start(loire => loire.AddCommerce());

        await Should.ThrowAsync<InvalidOperationException>(Specify.Http(silent).WhenGet("/api/views"));
    }
}
