namespace EndToEnd.Crash;

/// <summary>What must hold of the log itself, and of what clients were told of it.</summary>
internal static class LogChecks
{
    public static void Positions_are_gapless(IReadOnlyList<LoggedEvent> log)
    {
        for (var i = 0; i < log.Count; i++)
        {
            log[i].Position.ShouldBe(i + 1);
        }
    }

    public static void Versions_of_a_stream_are_gapless(IReadOnlyList<LoggedEvent> log)
    {
        var versions = new Dictionary<(string, string), long>();
        foreach (var e in log)
        {
            e.Version.ShouldBe(versions.GetValueOrDefault((e.Aggregate, e.Id)) + 1, $"{e.Aggregate}/{e.Id} at {e.Position}");
            versions[(e.Aggregate, e.Id)] = e.Version;
        }
    }

    public static void What_was_acknowledged_is_there_once(IReadOnlyList<LoggedEvent> log, IReadOnlyCollection<Acknowledgement> acknowledged)
    {
        var byId = log.ToDictionary(e => e.EventId);
        var effects = log.Where(e => e.CorrelationId is not null).ToLookup(e => (e.CorrelationId, e.Aggregate, e.Id));
        foreach (var (operation, rejection, events) in acknowledged)
        {
            foreach (var e in events)
            {
                byId.TryGetValue(e.EventId, out var found).ShouldBeTrue($"{operation} was answered with {e}, which is lost.");
                (found!.Aggregate, found.Id, found.Version, found.Type).ShouldBe((operation.Aggregate, operation.Id, e.Version, e.Type));
            }

            // What a saga does to the order has the same correlation: only the command's own kind of event counts.
            var own = effects[(operation.Key, operation.Aggregate, operation.Id)].Where(e => e.Type == OwnEvent(operation)).ToList();
            own.Count.ShouldBe(rejection is null ? events.Count : 0, $"{operation} was answered with {events.Count} events ({rejection}).");
        }
    }

    private static string OwnEvent(Operation operation) => $"{operation.Aggregate}." + operation.Command switch
    {
        "place" => "placed",
        "cancel" => "cancelled",
        "deposit" => "deposited",
        "withdraw" => "withdrawn",
        "receive-stock" => "stock-received",
        "update" => "updated",
        "change-price" => "price-changed",
        "create" => "created",
        "open" => "opened",
        "register" => "registered",
        var other => throw new ArgumentException($"No event is known of '{other}'.", nameof(operation)),
    };
}
