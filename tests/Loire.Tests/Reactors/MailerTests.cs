using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Reactors;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Reactors;

/// <summary>Tests with one reactor, which does what its script says.</summary>
public abstract class MailerTests
{
    protected Mailer.Script Script { get; } = new();

    protected Task<LoireTestCluster> Start(Action<ReactorOptions>? configure = null, InMemoryStorage? storage = null, string? only = null)
    {
        var does = Script.Does;
        if (only is not null)
        {
            Script.Does = (e, delivery) => delivery.Event.AggregateId == only ? does(e, delivery) : Task.CompletedTask;
        }

        return LoireTestCluster.Start(
            loire =>
            {
                loire.AddCommerce();
                loire.Services.AddSingleton(Script);
                loire.AddReactor<Mailer>(configure);
            },
            new LoireTestClusterOptions { Store = TestStore.InMemory(storage), Logging = Microsoft.Extensions.Logging.LogLevel.None });
    }

    protected static Task Open(LoireTestCluster cluster, string id) =>
        cluster.Accepted("account", id, new AccountCommand.Open("o-1", Money.Zero));

    protected static async Task Deposit(LoireTestCluster cluster, string id, decimal amount)
    {
        await Open(cluster, id);
        await cluster.Accepted("account", id, new AccountCommand.Deposit(Money.Of(amount)));
    }
}
