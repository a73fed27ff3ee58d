using System.Text.Json.Nodes;

namespace EndToEnd.Crash;

/// <summary>The views as they must be, folded from the log in the plainest way, and not with the code of the views.</summary>
internal sealed class ExpectedViews
{
    private readonly Dictionary<string, string> _customers = [];
    private readonly Dictionary<string, string> _products = [];

    public ExpectedViews(IEnumerable<LoggedEvent> log)
    {
        foreach (var e in log)
        {
            Apply(e);
        }
    }

    /// <summary>Documents by view and id.</summary>
    public Dictionary<string, Dictionary<string, JsonObject>> Documents { get; } = new(StringComparer.Ordinal)
    {
        ["orders"] = [], ["inventory"] = [], ["accounts"] = [], ["users"] = [], ["products"] = [], ["order-statistics"] = [],
    };

    private void Apply(LoggedEvent e)
    {
        switch (e.Type)
        {
            case "account.opened":
                Documents["accounts"][e.Id] = new() { ["id"] = e.Id, ["ownerId"] = e.Text("ownerId"), ["balance"] = e.Number("initialBalance"), ["isActive"] = true };
                break;
            case "account.deposited":
                Add("accounts", e.Id, "balance", e.Number("amount"));
                break;
            case "account.withdrawn":
                Add("accounts", e.Id, "balance", -e.Number("amount"));
                break;
            case "user.registered":
                _customers[e.Id] = e.Text("name");
                Documents["users"][e.Id] = new() { ["id"] = e.Id, ["name"] = e.Text("name"), ["email"] = e.Text("email"), ["isActive"] = true };
                break;
            case "user.updated":
                _customers[e.Id] = e.Data.GetProperty("changes").GetProperty("newValues").GetProperty("name").GetString()!;
                Documents["users"][e.Id]["name"] = _customers[e.Id];
                break;
            case "product.created":
                _products[e.Id] = e.Text("name");
                Documents["products"][e.Id] = JsonNode.Parse(e.Data.GetRawText())!.AsObject();
                Documents["products"][e.Id]["id"] = e.Id;
                Documents["products"][e.Id]["isActive"] = true;
                break;
            case "product.price-changed":
                Documents["products"][e.Id]["price"] = e.Number("price");
                break;
            default:
                ApplyToStock(e);
                ApplyToOrder(e);
                break;
        }
    }

    private void ApplyToStock(LoggedEvent e)
    {
        var (available, reserved) = e.Type switch
        {
            "inventory.stock-received" => (1, 0),
            "inventory.reserved" => (-1, 1),
            "inventory.released" => (1, -1),
            _ => (0, 0),
        };
        if ((available, reserved) != (0, 0))
        {
            Documents["inventory"].TryAdd(e.Id, new() { ["id"] = e.Id, ["available"] = 0m, ["reserved"] = 0m });
            Add("inventory", e.Id, "available", available * e.Number("quantity"));
            Add("inventory", e.Id, "reserved", reserved * e.Number("quantity"));
        }
    }

    private void ApplyToOrder(LoggedEvent e)
    {
        switch (e.Type)
        {
            case "order.placed":
                Documents["orders"][e.Id] = Placed(e);
                Count(e, "orders", "quantity", "revenue");
                break;
            case "order.confirmed":
                Documents["orders"][e.Id]["status"] = "confirmed";
                break;
            case "order.cancelled":
                Documents["orders"][e.Id]["status"] = "cancelled";
                Documents["orders"][e.Id]["cancelReason"] = e.Text("reason");
                Count(e, "cancelledOrders", "cancelledQuantity", "cancelledRevenue");
                break;
        }
    }

    private JsonObject Placed(LoggedEvent e)
    {
        var order = JsonNode.Parse(e.Data.GetRawText())!.AsObject();
        foreach (var item in order["items"]!.AsArray())
        {
            item!["productName"] = _products.GetValueOrDefault(item["productId"]!.GetValue<string>(), "");
        }

        order["id"] = e.Id;
        order["customerName"] = _customers.GetValueOrDefault(e.Text("customerId"), "");
        order["status"] = "pending";
        order["cancelReason"] = null;
        return order;
    }

    private void Count(LoggedEvent e, string orders, string quantity, string revenue)
    {
        var day = e.Text("placedAt")[..10];
        foreach (var product in e.Data.GetProperty("items").EnumerateArray().GroupBy(i => i.GetProperty("productId").GetString()))
        {
            var id = $"{day}:{product.Key}";
            Documents["order-statistics"].TryAdd(id, new()
            {
                ["id"] = id, ["day"] = day, ["productId"] = product.Key, ["orders"] = 0m, ["quantity"] = 0m, ["revenue"] = 0m,
                ["cancelledOrders"] = 0m, ["cancelledQuantity"] = 0m, ["cancelledRevenue"] = 0m,
            });
            Add("order-statistics", id, orders, 1);
            Add("order-statistics", id, quantity, product.Sum(i => i.GetProperty("quantity").GetDecimal()));
            Add("order-statistics", id, revenue, product.Sum(i => i.GetProperty("quantity").GetDecimal() * i.GetProperty("price").GetDecimal()));
        }
    }

    private void Add(string view, string id, string member, decimal amount)
    {
        var document = Documents[view][id];
        document[member] = document[member]!.GetValue<decimal>() + amount;
    }
}
