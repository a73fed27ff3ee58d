using Commerce.Accounts;
using Loire.Hosting;
using Loire.Projections;
using Loire.Silo;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Loire.Benchmarks.Campaign;

/// <summary>Silos with the subscriptions of a campaign. Two such clusters on one store know nothing of each other.</summary>
internal static class CampaignCluster
{
    public static readonly string[] Subscriptions = ["account-sums@1", "campaign-reactor", "group-sums@1"];

    /// <summary>Keys of the grains that they consist of.</summary>
    public static readonly string[] Partitions =
        ["account-sums@1/0", "account-sums@1/1", "account-sums@1/2", "account-sums@1/3", "campaign-reactor/0", "group-sums@1/0"];

    public static async Task<InProcessTestCluster> Start(short silos, Soak.SoakStore store, Trouble trouble, Deliveries deliveries)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(store.Log);
            silo.Services.AddSingleton(store.Views);
            silo.Services.AddSingleton(trouble);
            silo.Services.AddSingleton(deliveries);
            silo.Services.AddHostedService<Disturber>();
            silo.Services.Configure<SubscriptionOptions>(options => options.Failures = options.Failures with
            {
                MaxAttempts = 3, InitialDelay = TimeSpan.FromMilliseconds(200), MaxFailingShare = 0,
            });
            silo.Services.Configure<RebuildOptions>(options =>
                (options.LookEvery, options.Grace) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10)));
            silo.ConfigureEngine().AddLoire(loire => loire
                .AddAggregate<AccountGrain, AccountDecider>()
                .AddProjection<AccountSums>()
                .AddProjection<GroupSums>()
                .AddReactor<CampaignReactor>(options => (options.StartFrom, options.BatchSize) = (StartFrom.Beginning, 500)));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
