namespace Loire.Engine.ContractTests.Reminders;

public sealed class ReminderContract
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_reminder_ticks()
    {
        await using var host = await Start();
        await host.Grain<IReminderGrain>().Remind("pay", TimeSpan.Zero, Hour);
        (await host.Signals.Next<string>("reminded")).ShouldBe("pay");
    }

    [Fact]
    public async Task A_reminder_activates_the_grain()
    {
        await using var host = await Start();
        await host.Grain<IReminderGrain>().Remind("pay", TimeSpan.FromMilliseconds(100), Hour);
        await host.Grain<IReminderGrain>().End();
        (await host.Signals.Next<string>("reminded")).ShouldBe("pay");
    }

    [Fact]
    public async Task Reminders_are_listed_replaced_and_removed()
    {
        await using var host = await Start();
        var grain = host.Grain<IReminderGrain>();
        await grain.Remind("pay", Hour, Hour);
        await grain.Remind("pay", Hour, Hour * 2);
        await grain.Remind("ship", Hour, Hour);
        (await grain.Count()).ShouldBe(2);
        await grain.Forget("pay");
        (await grain.Count()).ShouldBe(1);
    }

    [Fact]
    public async Task A_period_under_a_minute_is_refused()
    {
        await using var host = await Start();
        await Should.ThrowAsync<ArgumentException>(
            () => host.Grain<IReminderGrain>().Remind("pay", TimeSpan.Zero, TimeSpan.FromSeconds(59)));
    }

    private static Task<TestHost> Start() => TestHost.Start(silo => silo.UseInMemoryReminderService());
}
