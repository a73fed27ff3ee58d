using System.Globalization;
using Commerce.Accounts;
using Loire.Processes;

namespace Loire.Benchmarks.Timers;

/// <summary>Rings once, at the time that stands where the account's owner should.</summary>
internal sealed class Alarm : ProcessManager<Alarm.Nothing>
{
    public const string Name = "alarm";

    public Alarm()
        : base(Name)
    {
        On<AccountEvent.Opened>((_, info) => info.AggregateId);
        Timer("ring");
        Final("rung");
        Otherwise(Unexpected.Ignore);
        StartsOn<AccountEvent.Opened>(
            "waiting",
            (_, _) => new Nothing(),
            (move, e) => move.At(DateTimeOffset.Parse(e.OwnerId, CultureInfo.InvariantCulture), "ring"));
        During("waiting").WhenTimer("ring", move => move, "rung");
    }

    public sealed record Nothing;
}

[GrainType(Alarm.Name)]
internal sealed class AlarmGrain : ProcessGrain<Alarm>;
