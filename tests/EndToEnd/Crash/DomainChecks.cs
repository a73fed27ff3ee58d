namespace EndToEnd.Crash;

/// <summary>What must hold of the shop when no saga is under way.</summary>
internal static class DomainChecks
{
    public static void Every_order_has_one_saga_and_it_has_ended(IReadOnlyList<LoggedEvent> log)
    {
        var last = log.Where(e => e.Aggregate == "order-fulfillment").GroupBy(e => e.Id).ToDictionary(s => s.Key, s => s.Last().Type);

        last.Keys.ShouldBe(Ids(log, "order.placed"), ignoreOrder: true);
        last.ShouldAllBe(s => s.Value == "order-fulfillment.completed" || s.Value == "order-fulfillment.failed");
    }

    public static void Nothing_happens_twice_to_an_order(IReadOnlyList<LoggedEvent> log)
    {
        string[] once = ["order.placed", "order.confirmed", "order.cancelled", "payment.charged", "payment.declined", "payment.refunded",
            "shipment.created", "shipment.cancelled", "order-fulfillment.started"];
        foreach (var type in once)
        {
            Ids(log, type).ShouldBeUnique();
        }

        log.Where(e => e.Type == "inventory.reserved").Select(e => (e.Id, e.Text("orderId"))).ShouldBeUnique();
        log.Where(e => e.Type == "inventory.released").Select(e => (e.Id, e.Text("orderId"))).ShouldBeUnique();
    }

    public static void Orders_payments_and_shipments_agree(IReadOnlyList<LoggedEvent> log)
    {
        var cancelled = Ids(log, "order.cancelled").ToHashSet();
        var confirmed = Ids(log, "order.confirmed").Where(o => !cancelled.Contains(o)).ToHashSet();
        var paid = Ids(log, "payment.charged").Except(Ids(log, "payment.refunded"));
        var shipped = Ids(log, "shipment.created").Except(Ids(log, "shipment.cancelled"));

        ShouldAgree(log, [.. cancelled, .. confirmed], Ids(log, "order.placed"), "placed");
        ShouldAgree(log, confirmed, paid, "paid");
        ShouldAgree(log, confirmed, shipped, "shipped");
    }

    public static void Stock_is_neither_lost_nor_made(IReadOnlyList<LoggedEvent> log)
    {
        var cancelled = Ids(log, "order.cancelled").ToHashSet();
        foreach (var product in log.Where(e => e.Aggregate == "inventory").GroupBy(e => e.Id))
        {
            decimal Sum(string type) => product.Where(e => e.Type == type).Sum(e => e.Number("quantity"));
            var kept = product.Where(e => e.Type == "inventory.reserved" && !cancelled.Contains(e.Text("orderId"))).Sum(e => e.Number("quantity"));

            (Sum("inventory.reserved") - Sum("inventory.released")).ShouldBe(kept, product.Key);
            (Sum("inventory.stock-received") - kept).ShouldBeGreaterThanOrEqualTo(0, product.Key);
        }
    }

    public static void No_account_is_overdrawn(IReadOnlyList<LoggedEvent> log)
    {
        foreach (var account in log.Where(e => e.Aggregate == "account").GroupBy(e => e.Id))
        {
            var balance = 0m;
            foreach (var e in account)
            {
                balance += e.Type switch
                {
                    "account.opened" => e.Number("initialBalance"),
                    "account.deposited" => e.Number("amount"),
                    _ => -e.Number("amount"),
                };
                balance.ShouldBeGreaterThanOrEqualTo(0, $"{account.Key} at {e.Position}");
            }
        }
    }

    /// <summary>Tells the story of the first order that is on one side only.</summary>
    private static void ShouldAgree(IReadOnlyList<LoggedEvent> log, HashSet<string> confirmed, IEnumerable<string> orders, string what)
    {
        confirmed = [.. confirmed];
        confirmed.SymmetricExceptWith(orders);
        if (confirmed.FirstOrDefault() is { } wrong)
        {
            var story = log.Where(e => e.Id == wrong || (e.Aggregate == "inventory" && e.Data.GetRawText().Contains($"\"{wrong}\"", StringComparison.Ordinal)));
            throw new ShouldAssertException($"{confirmed.Count} orders are not as they should be ({what}), {wrong} for one:\n"
                + string.Join('\n', story.Select(e => $"{e.Position} {e.Aggregate}/{e.Id} {e.Version} {e.Type} {e.Data}")));
        }
    }

    private static IEnumerable<string> Ids(IReadOnlyList<LoggedEvent> log, string type) => log.Where(e => e.Type == type).Select(e => e.Id);
}
