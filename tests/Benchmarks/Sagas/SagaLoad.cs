using System.Runtime.InteropServices;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Values;
using Loire.Benchmarks.Commands;
using Loire.Queries;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Benchmarks.Sagas;

/// <summary>Plain commands, and sagas through four steps, by so many clients of which each waits for the end of its own.</summary>
internal sealed class SagaLoad(Platform platform)
{
    private const int Products = 256;
    private const int Accounts = 1024;

    /// <summary>Makes the accounts and products.</summary>
    public async Task Prepare()
    {
        await platform.OpenAccounts(Accounts);
        for (var product = 0; product < Products; product++)
        {
            await platform.Accepted("inventory", $"p-{product}", new InventoryCommand.ReceiveStock(Quantity.Of(Quantity.Max)));
        }

        await CatchUp();
    }

    /// <summary>Deposits with idempotency keys, as the commands of sagas have them.</summary>
    public Task<Measured> Commands(int clients, TimeSpan time) => Measure(() => ClosedLoop.Run(
        clients, time, (client, n) => platform.DepositInto((int)(((client * 31) + n) % Accounts), withKey: true)));

    /// <summary>Orders that are placed and then fulfilled by a saga.</summary>
    public Task<Measured> Sagas(int clients, TimeSpan time) => Measure(async () =>
    {
        var run = Guid.NewGuid().ToString("N");
        await using var ends = SagaEnds.Follow(platform.Log);
        return await ClosedLoop.Run(clients, time, (client, n) => Fulfill(ends, $"{run}-{client}-{n}", (client * 31) + n));
    });

    /// <summary>A number of sagas, rather than as many as there is time for.</summary>
    public async Task Fixed(int clients, int count)
    {
        var run = Guid.NewGuid().ToString("N");
        await using var ends = SagaEnds.Follow(platform.Log);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = clients }, async (n, _) =>
            await Fulfill(ends, $"{run}-{n}", n));
        await CatchUp();
    }

    private async Task Fulfill(SagaEnds ends, string id, long n)
    {
        OrderItem item = new($"p-{n % Products}", Quantity.Of(1), Money.Of(1));
        await platform.Accepted("order", id, new OrderCommand.Place("ada", [item], "card"));
        await ends.Of(id).WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>What views have to do for it counts too.</summary>
    private async Task<Measured> Measure(Func<Task<Latencies>> load)
    {
        var before = Environment.CpuUsage.TotalTime;
        var times = await load();
        await CatchUp();
        return new Measured(times, Environment.CpuUsage.TotalTime - before);
    }

    private async Task CatchUp()
    {
        foreach (var view in platform.Services.GetRequiredService<ViewRegistry>().All)
        {
            await platform.CatchUp(view.Name);
        }
    }
}

/// <summary>What many operations took.</summary>
/// <param name="Times">Each of them.</param>
/// <param name="Total">Of processors, all of them together.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Measured(Latencies Times, TimeSpan Total)
{
    public double PerSecond => Times.PerSecond;

    /// <summary>Microseconds of processor time that one took.</summary>
    public double Processor => Total.TotalMicroseconds / Times.Count;
}
