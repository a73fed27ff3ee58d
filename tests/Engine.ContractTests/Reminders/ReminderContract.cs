namespace Loire.Engine.ContractTests.Reminders;

public sealed class ReminderContract
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_reminder_ticks()
    {
        await using var host = await StartWithShortPeriods();
        await host.Grain<IReminderGrain>().Remind("pay", Second, Second);
        (await host.Signals.Next<string>("reminded")).ShouldBe("pay");
    }

    [Fact]
    public async Task A_reminder_activates_the_grain()
    {
        await using var host = await StartWithShortPeriods();
        await host.Grain<IReminderGrain>().Remind("pay", Second, Second);
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
    public async Task A_reminder_ticks_again_and_again()
    {
        await using var host = await StartWithShortPeriods();
        await host.Grain<IReminderGrain>().Remind("pay", Second, Second);
        await host.Signals.Next<string>("reminded");
        (await host.Signals.Next<string>("reminded")).ShouldBe("pay");
    }

    [Fact]
    public async Task A_reminder_that_fails_ticks_again()
    {
        await using var host = await StartWithShortPeriods();
        await host.Grain<IReminderGrain>().Remind("fail once", Second, Second);
        (await host.Signals.Next<string>("reminded")).ShouldBe("failed");
        (await host.Signals.Next<string>("reminded")).ShouldBe("fail once");
    }

    [Fact]
    public async Task A_removed_reminder_does_not_tick()
    {
        await using var host = await StartWithShortPeriods();
        var grain = host.Grain<IReminderGrain>();
        await grain.Remind("removed", Second * 2, Second);
        await grain.Forget("removed");
        await grain.Remind("kept", Second * 2, Second);
        for (var tick = 0; tick < 3; tick++)
        {
            (await host.Signals.Next<string>("reminded")).ShouldBe("kept");
        }
    }

    [Fact]
    public async Task A_reminder_that_does_not_exist_is_null()
    {
        await using var host = await Start();
        (await host.Grain<IReminderGrain>().Has("pay")).ShouldBeFalse();
        await host.Grain<IReminderGrain>().Remind("pay", Hour, Hour);
        (await host.Grain<IReminderGrain>().Has("pay")).ShouldBeTrue();
        (await host.Grain<IReminderGrain>("b").Has("pay")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_period_under_a_minute_is_refused()
    {
        await using var host = await Start();
        await Should.ThrowAsync<ArgumentException>(
            () => host.Grain<IReminderGrain>().Remind("pay", TimeSpan.Zero, TimeSpan.FromSeconds(59)));
    }

    // A first tick whose time has come before the reminder is kept may fall away, so it has to be the period that counts.
    private static Task<TestHost> StartWithShortPeriods() => TestHost.Start(silo => silo
        .UseInMemoryReminderService()
        .Configure<ReminderOptions>(options => options.MinimumReminderPeriod = Second));

    private static Task<TestHost> Start() => TestHost.Start(silo => silo.UseInMemoryReminderService());
}
