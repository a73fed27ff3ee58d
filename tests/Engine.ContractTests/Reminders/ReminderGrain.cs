namespace Loire.Engine.ContractTests.Reminders;

public interface IReminderGrain : IGrainWithStringKey
{
    Task Remind(string name, TimeSpan dueTime, TimeSpan period);

    Task Forget(string name);

    Task<int> Count();

    Task<bool> Has(string name);

    Task End();
}

public sealed class ReminderGrain(Signals signals) : Grain, IReminderGrain, IRemindable
{
    private bool _failed;

    public Task Remind(string name, TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task Forget(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task<int> Count() => (await this.GetReminders()).Count;

    public async Task<bool> Has(string name) => await this.GetReminder(name) is not null;

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (reminderName == "fail once" && !_failed)
        {
            _failed = true;
            signals.Report("reminded", "failed");
            throw new InvalidOperationException("the first tick fails");
        }

        signals.Report("reminded", reminderName);
        return Task.CompletedTask;
    }
}
