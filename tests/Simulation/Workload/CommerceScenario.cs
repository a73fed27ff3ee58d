using Commerce;
using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Payments.Processing;
using Commerce.Products;
using Commerce.Users;
using Commerce.Values;
using Loire.Hosting;
using Loire.Projections;
using Loire.Simulation.Checks;
using Loire.Simulation.Defects;
using Loire.Snapshots;
using Loire.Subscriptions;
using Loire.Testing;
using Loire.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Workload;

/// <summary>Callers who open accounts, move money, place and cancel orders, pay by card and join, while silos, store and streams have their troubles.</summary>
internal sealed class CommerceScenario(Simulator simulator, Defect defect, Fulfillment fulfillment, bool withExpiry, bool withRebuilds)
{
    private static readonly string[] Accounts = ["a1", "a2", "a3"];
    private static readonly string[] Products = ["p1", "p2"];

    private int _orders;

    /// <returns>What is wrong afterwards.</returns>
    public async Task<IReadOnlyList<string>> Run()
    {
        var random = simulator.Random;
        var faults = FaultProfile.Draw(random);
        var bad = new BadEvents(simulator);
        var provider = new OutsideProvider(simulator);
        simulator.Trace.Add(faults.ToString());
        await using var cluster = await SimulatedCluster.Start(simulator, (short)random.Next(1, 4), faults, silo =>
        {
            silo.Services.AddSingleton<IPaymentProvider>(provider);
            silo.AddLoire(loire =>
            {
                loire.AddCommerce(fulfillment);
                if (withRebuilds)
                {
                    loire.AddProjection<DepositsView>();
                }

                if (withExpiry)
                {
                    // Sometimes before the saga is done, so that the two get in each other's way.
                    loire.AddOrderExpiry(o => o.Patience = TimeSpan.FromSeconds(5));
                }
            });
            if (withRebuilds)
            {
                silo.Services.AddSingleton(bad);
                silo.Services.Configure<RebuildOptions>(Hasten);
            }

            silo.Services.PostConfigureAll<SnapshotOptions>(options => (options.Every, options.MinInterval) = (3, TimeSpan.Zero));
            silo.Services.PostConfigure<SubscriptionOptions>(options =>
                (options.Failures.MaxAttempts, options.Failures.InitialDelay) = (4, TimeSpan.FromMilliseconds(300)));
            silo.Services.Decorate<SubscriptionDefinition>((subscription, _) => bad.Trouble(subscription));
            defect.Plant(silo.Services, simulator);
        });
        var log = InMemoryStore.Open(cluster.Storage, simulator.Callers.Time).Log;
        var history = new History(log);
        using var stop = new CancellationTokenSource();
        var harassment = cluster.Harass(stop.Token);
        var someone = new Operator(simulator, cluster);
        var operation = someone.Work(stop.Token);
        var rebuilder = withRebuilds ? new Rebuilder(simulator, cluster) : null;
        var rebuilding = rebuilder is null
            ? Task.CompletedTask
            : Task.WhenAll(rebuilder.Work(stop.Token), rebuilder.Positions.Watch(stop.Token));
        using var close = new CancellationTokenSource();
        var answers = provider.Work(cluster, close.Token);
        var newcomers = new Newcomers(simulator, cluster);
        await Task.WhenAll(Enumerable.Range(0, random.Next(2, 6)).Select(_ => Act(new Caller(simulator, cluster, history), provider, newcomers, cluster)));
        await stop.CancelAsync();
        await harassment;
        bad.Over = true;
        cluster.Calm();
        await operation;
        await newcomers.Finish();
        await rebuilding;
        var violations = await Verdict.Reach(simulator, cluster, log, history, someone, rebuilder);
        await close.CancelAsync();
        await answers;
        return violations;
    }

    // Small pages, so that much can come between two of them.
    private static void Hasten(RebuildOptions options) =>
        (options.PageSize, options.LookEvery, options.Grace) = (7, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));

    private async Task Act(Caller caller, OutsideProvider provider, Newcomers newcomers, SimulatedCluster cluster)
    {
        for (var left = simulator.Random.Next(5, 25); left > 0; left--)
        {
            await (simulator.Random.Next(12) switch
            {
                0 => caller.Send("user", $"u{simulator.Random.Next(2)}", new UserCommand.Register("Ada", "ada@example.org")),
                1 => caller.Send("product", simulator.Random.Pick(Products), new ProductCommand.Create("Pen", "Writes", Money.Of(2.50m), "Office")),
                2 or 3 => caller.Send("inventory", simulator.Random.Pick(Products), new InventoryCommand.ReceiveStock(Quantity.Of(simulator.Random.Next(1, 6)))),
                4 => caller.Send("account", simulator.Random.Pick(Accounts), new AccountCommand.Open("u1", Money.Of(simulator.Random.Next(50)))),
                5 => caller.Send("account", simulator.Random.Pick(Accounts), new AccountCommand.Deposit(Money.Of(simulator.Random.Next(40)))),
                6 => caller.Send("account", simulator.Random.Pick(Accounts), new AccountCommand.Withdraw(Money.Of(simulator.Random.Next(1, 60)))),
                7 or 8 => caller.Send("order", $"o{++_orders}", Order()),
                9 => provider.Pay(cluster),
                10 => newcomers.Join(),
                _ => caller.Send("order", $"o{1 + simulator.Random.Next(_orders + 1)}", new OrderCommand.Cancel("Changed my mind")),
            });
            await simulator.Delay(simulator.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        }
    }

    private OrderCommand.Place Order()
    {
        var items = Products.Take(simulator.Random.Next(1, 3))
            .Select(product => new OrderItem(product, Quantity.Of(simulator.Random.Next(1, 5)), Money.Of(2.50m)));
        return new OrderCommand.Place("u1", [.. items], simulator.Random.Chance(0.2) ? PaymentDecider.DeclinedMethod : "card");
    }
}
