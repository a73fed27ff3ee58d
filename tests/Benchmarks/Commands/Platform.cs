using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Serialization;
using Loire.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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

    public IEventLog Log => _host.Services.GetRequiredService<IEventLog>();

    public ViewReader Views => _host.Services.GetRequiredService<ViewReader>();

    public static async Task<Platform> Start(string folder)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSqliteStore(new SqliteStoreOptions { DataFolder = folder });
        builder.UseOrleans(silo => silo.UseEngine().AddLoire(loire => loire.AddCommerce()));
        var host = builder.Build();
        await host.StartAsync();
        return new Platform(host);
    }

    public ViewSchema View(string name) =>
        _host.Services.GetRequiredService<Queries.ViewRegistry>().TryGet(name, out var view) ? view : throw new KeyNotFoundException(name);

    public async Task OpenAccounts(int count)
    {
        var open = CommandCodec.Encode(new AccountCommand.Open("o-1", Money.Of(0)));
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (n, _) =>
            await Execute(n, new CommandMessage("open", open, Headers(key: null))));
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
        var result = await _grains.GetGrain<IAggregateGrain>(GrainId.Create("account", $"a-{account}")).Execute(message);
        return result is CommandResult.Accepted accepted
            ? accepted.Receipt.Position
            : throw new InvalidOperationException($"A command was answered with {result}.");
    }

    private static CommandHeaders Headers(string? key)
    {
        var id = Guid.CreateVersion7();
        return new CommandHeaders
        {
            CommandId = id, IssuedAt = TimeProvider.System.GetUtcNow(), IdempotencyKey = key, CorrelationId = id.ToString("N"),
        };
    }
}
