using System.Reflection;
using Commerce;
using Commerce.Accounts;
using Loire.Aggregates;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Gateway;
using Loire.Gateway.Requests;
using Loire.Hosting;
using Loire.Projections;
using Loire.Queries;
using Loire.Reactors;
using Loire.Serialization;
using Loire.Subscriptions;
using Loire.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Loire.Tests;

/// <summary>Two that would write to the same documents, checkpoints or streams are refused when the silo starts.</summary>
public sealed class NameTests
{
    /// <summary>The views that the platform keeps for itself, as its own code declares them, and what else it writes under.</summary>
    public static TheoryData<string> OfThePlatform =>
    [
        .. typeof(LoireBuilder).Assembly.GetTypes().Where(t => !t.ContainsGenericParameters)
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(f => f.FieldType == typeof(ViewSchema))
            .Select(f => ((ViewSchema)f.GetValue(null)!).Name),
        "rebuilds", "audits", "sagas", "processes", "health",
    ];

    [Fact]
    public void The_platform_keeps_documents_of_its_own() =>
        OfThePlatform.Select(row => row.Data).ShouldContain("dead-letters");

    [Theory]
    [MemberData(nameof(OfThePlatform))]
    public void A_view_cannot_have_a_name_of_the_platform(string name)
    {
        var refused = Should.Throw<InvalidOperationException>(() => new ViewRegistry([new NamedView(name)])).Message;

        refused.ShouldStartWith($"'{name}' cannot be the name of a view of NamedView: under it the platform keeps ");
    }

    [Fact]
    public void A_further_view_cannot_either() =>
        Should.Throw<InvalidOperationException>(() => new ViewRegistry([new NamedView("mine", "dead-letters")]))
            .Message.ShouldBe("'dead-letters' cannot be the name of a view of NamedView: under it the platform keeps the events that could not be handled.");

    [Theory]
    [MemberData(nameof(OfThePlatform))]
    public void A_subscription_cannot_have_a_name_of_the_platform(string name)
    {
        var refused = Should.Throw<InvalidOperationException>(() => new SubscriptionRegistry([Reading(name)])).Message;

        refused.ShouldStartWith($"'{name}' cannot be the name of a subscription of the kind 'test': under it the platform keeps ");
    }

    [Theory]
    [InlineData("orders/0", "behind a '/' stands the partition")]
    [InlineData("orders@2", "behind an '@' stands the version of a view")]
    [InlineData("", "A subscription's name has 1 to 200 characters")]
    public void A_subscription_cannot_be_named_as_if_it_were_a_part_of_another(string name, string why) =>
        Should.Throw<InvalidOperationException>(() => new SubscriptionRegistry([Reading(name)])).Message.ShouldContain(why);

    [Fact]
    public async Task Two_reactors_of_one_name_are_refused() =>
        (await Refusal(loire => loire.AddReactor<First>().AddReactor<Second>()))
            .ShouldContain("The name 'mail' is used by First (reactor) and Second (reactor).");

    [Fact]
    public async Task A_reactor_cannot_have_the_name_of_a_view() =>
        (await Refusal(loire => loire.AddProjection<MailView>().AddReactor<First>()))
            .ShouldContain("The name 'mail' is used by First (reactor), and it is that of the view of MailView (projection).");

    [Fact]
    public async Task A_silo_with_a_view_that_would_write_over_dead_letters_does_not_start() =>
        (await Refusal(loire => loire.AddProjection<DeadLettersView>()))
            .ShouldContain("'dead-letters' cannot be the name of a view of DeadLettersView");

    [Fact]
    public void Streams_of_two_kinds_cannot_have_one_name() =>
        Should.Throw<InvalidOperationException>(() => new EventCatalog(
                [new EventCodec("account", typeof(AccountEvent)), new EventCodec("account", typeof(Snapshots.DiaryEvent))]))
            .Message.ShouldBe("The name 'account' is used for streams of AccountEvent and of DiaryEvent.");

    [Fact]
    public async Task What_the_api_has_under_a_name_of_its_own_is_no_aggregate()
    {
        await using var cluster = await LoireTestCluster.Start(_ => { });
        var builder = WebApplication.CreateSlimBuilder();
        new Definitions(builder.Services, builder.Configuration).AddLoire(_ => { });
        builder.Services.AddSingleton<IGrainFactory>(cluster.Grains).AddInMemoryStore().AddLoireGateway();
        await using var app = builder.Build();
        app.MapLoire();

        ((IEndpointRouteBuilder)app).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>()
            .Select(e => e.RoutePattern.PathSegments.Select(s => s.Parts[0]).OfType<RoutePatternLiteralPart>().Select(l => l.Content).ToList())
            .Where(path => path is ["api", _, ..])
            .Select(path => path[1])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(AggregateNames.OfTheApi);
    }

    [Fact]
    public void An_aggregate_cannot_have_the_name_of_a_part_of_the_api() =>
        Should.Throw<InvalidOperationException>(() => AggregateNames.ThrowIfAnyIsTaken(new AggregateRegistry(
                [new AggregateDefinition<AccountCommand, Account, AccountEvent>("Views", new AccountDecider())])))
            .Message.ShouldBe("No aggregate can be called 'Views': under /api/Views the API has something else.");

    // Each engine puts an exception of its own around it.
    private static async Task<string> Refusal(Action<LoireBuilder> more) => (await Should.ThrowAsync<Exception>(async () =>
    {
        await using var cluster = await LoireTestCluster.Start(
            loire =>
            {
                loire.AddCommerce();
                more(loire);
            },
            new LoireTestClusterOptions { Logging = LogLevel.None });
    })).ToString();

    private static SubscriptionDefinition Reading(string name) =>
        new(name, "test", Partitions: 1, LogFilter.All, () => throw new NotSupportedException());

    private sealed record Definitions(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;

    private sealed record Document(string Id);

    private sealed class NamedView : Projection<Document>
    {
        public NamedView(string name, string? further = null)
            : base(name)
        {
            if (further is not null)
            {
                Output<Document>(further);
            }
        }
    }

    private sealed class MailView() : Projection<Document>("mail");

    private sealed class DeadLettersView() : Projection<Document>("dead-letters");

    private sealed class First() : Reactor("mail");

    private sealed class Second() : Reactor("mail");
}
