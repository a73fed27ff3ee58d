using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Queries;
using Loire.Serialization;
using Loire.Silo;
using Loire.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ViewReader = Loire.Queries.ViewReader;

namespace Loire.Benchmarks.Commands;

/// <summary>The platform with the reference domain and all its views, in this process.</summary>
internal sealed class Platform : IAsyncDisposable
{
    private static readonly ReadOnlyMemory<byte> Deposit = CommandCodec.Encode(new AccountCommand.Deposit(Money.Of(1)));
    private readonly IHost _host;
    private readonly IGrainFactory _grains;

    private Platform(IHost host)
    {
        _host = host;
        _grains = host.Services.GetRequiredService<IGrainFactory>();
    }

    public IServiceProvider Services => _host.Services;

    public IEventLog Log => _host.Services.GetRequiredService<IEventLog>();

    public IGrainFactory Grains => _grains;

    public IViewStore ViewStore => _host.Services.GetRequiredService<IViewStore>();

    public ViewReader Views => _host.Services.GetRequiredService<ViewReader>();

    /// <summary>A reader of views with other options.</summary>
    public ViewReader NewReader(QueryOptions options) => ActivatorUtilities.CreateInstance<ViewReader>(_host.Services, Options.Create(options));

    public QueryDefinition Query(string name) =>
        _host.Services.GetRequiredService<QueryRegistry>().TryGet(name, out var query) ? query : throw new KeyNotFoundException(name);

    /// <param name="addStore">Adds the store.</param>
    /// <param name="views">Whether the reference domain's projections and its saga run beside the commands.</param>
    /// <param name="snapshots">When snapshots are taken, if not as by default.</param>
    /// <param name="loire">Registers more.</param>
    public static async Task<Platform> Start(
        Action<IServiceCollection> addStore,
        bool views = true,
        Action<SnapshotOptions>? snapshots = null,
        Action<LoireBuilder>? loire = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        addStore(builder.Services);
        builder.Services.ConfigureAll(snapshots ?? (_ => { }));
        builder.UseOrleans(silo => silo.UseEngine().AddLoire(all =>
        {
            _ = views ? all.AddCommerce() : all.AddAggregate<AccountGrain, AccountDecider>();
            loire?.Invoke(all);
        }));
        var host = builder.Build();
        await host.StartAsync();
        return new Platform(host);
    }

    /// <summary>Waits until a view has handled what is in the log now.</summary>
    public async Task CatchUp(string view)
    {
        var head = Log.Head;
        while (!await Views.WaitUntil(View(view), head, TimeSpan.FromSeconds(20)))
        {
            Console.Error.WriteLine($"The view is still behind {head}.");
        }
    }

    /// <summary>Sends a deposit of nothing, which is rejected: the aggregate is activated for it, if it was not.</summary>
    public async Task Touch(string account)
    {
        var nothing = CommandCodec.Encode(new AccountCommand.Deposit(Money.Zero));
        var result = await Send(account, new CommandMessage("deposit", nothing, Headers(key: null)));
        if (result is not CommandResult.Rejected { Code: "amount-is-zero" })
        {
            throw new InvalidOperationException($"A command was answered with {result}.");
        }
    }

    public ViewSchema View(string name) =>
        _host.Services.GetRequiredService<ViewRegistry>().TryGet(name, out var view) ? view : throw new KeyNotFoundException(name);

    public async Task OpenAccounts(int count)
    {
        var open = CommandCodec.Encode(new AccountCommand.Open("o-1", Money.Of(0)));
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (n, _) =>
            await Execute(n, new CommandMessage("open", open, Headers(key: null))));
    }

    /// <summary>Opens one account.</summary>
    public async Task OpenAccount(string account, string owner)
    {
        var open = CommandCodec.Encode(new AccountCommand.Open(owner, Money.Of(0)));
        if (await Send(account, new CommandMessage("open", open, Headers(key: null))) is not CommandResult.Accepted and var result)
        {
            throw new InvalidOperationException($"A command was answered with {result}.");
        }
    }

    /// <summary>A grain by its type and key.</summary>
    public TGrain Grain<TGrain>(string type, string key)
        where TGrain : IGrainWithStringKey =>
        _grains.GetGrain<TGrain>(GrainId.Create(type, key));

    /// <summary>Sends a command that has to be accepted.</summary>
    public async Task Accepted(string aggregate, string id, object command)
    {
        var message = new CommandMessage(CommandCodec.NameOf(command), CommandCodec.Encode(command), Headers(key: null));
        var result = await Grain<IAggregateGrain>(aggregate, id).Execute(message);
        if (result is not CommandResult.Accepted)
        {
            throw new InvalidOperationException($"A command was answered with {result}.");
        }
    }

    /// <summary>Deposits into an account and gives the position of the event.</summary>
    public Task<long> DepositInto(int account, bool withKey = false) =>
        Execute(account, new CommandMessage("deposit", Deposit, Headers(withKey ? Guid.NewGuid().ToString() : null)));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private async Task<long> Execute(int account, CommandMessage message)
    {
        var result = await Send($"a-{account}", message);
        return result is CommandResult.Accepted accepted
            ? accepted.Receipt.Position
            : throw new InvalidOperationException($"A command was answered with {result}.");
    }

    private Task<CommandResult> Send(string account, CommandMessage message) =>
        _grains.GetGrain<IAggregateGrain>(GrainId.Create("account", account)).Execute(message);

    private static CommandHeaders Headers(string? key)
    {
        var id = Guid.CreateVersion7();
        return new CommandHeaders
        {
            CommandId = id, IssuedAt = TimeProvider.System.GetUtcNow(), IdempotencyKey = key, CorrelationId = id.ToString("N"),
        };
    }
}
