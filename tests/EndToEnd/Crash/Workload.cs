using System.Globalization;

namespace EndToEnd.Crash;

/// <summary>What one client does, from a seed: mostly orders, some of which cannot be fulfilled, and money to and fro.</summary>
internal sealed class Workload(int seed, int round, int client)
{
    private const int Products = 4;
    private const int Accounts = 6;
    private const int Customers = 5;

    private readonly Random _random = new(unchecked((((seed * 397) + round) * 397) + client));
    private readonly List<string> _orders = [];
    private int _count;

    /// <summary>What has to be there before the first round.</summary>
    public static IEnumerable<Operation> Setup()
    {
        for (var i = 0; i < Products; i++)
        {
            yield return new("product", $"p{i}", "create", $$"""{"name":"Product {{i}}","description":"","price":{{i + 1}}.50,"category":"c"}""", $"create-p{i}");
            yield return new("inventory", $"p{i}", "receive-stock", """{"quantity":200}""", $"first-p{i}");
        }

        for (var i = 0; i < Accounts; i++)
        {
            yield return new("account", $"a{i}", "open", """{"ownerId":"u0","initialBalance":100}""", $"open-a{i}");
        }

        for (var i = 0; i < Customers - 1; i++)
        {
            yield return new("user", $"u{i}", "register", $$"""{"name":"Customer {{i}}","email":"u{{i}}@example.org"}""", $"register-u{i}");
        }
    }

    public Operation Next()
    {
        var key = $"r{round}-c{client}-{_count++}";
        return _random.Next(100) switch
        {
            < 55 => Place(key),
            < 60 when _orders.Count > 0 => Cancel(key),
            < 85 => Move(key),
            < 92 => Receive(key),
            < 96 => Rename(key),
            _ => Reprice(key),
        };
    }

    private Operation Place(string key)
    {
        _orders.Add($"o-{key}");
        var items = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Item());
        var method = _random.Next(100) < 15 ? "declined" : "card";
        return new(
            "order",
            $"o-{key}",
            "place",
            $$"""{"customerId":"u{{_random.Next(Customers)}}","items":[{{string.Join(',', items)}}],"paymentMethod":"{{method}}"}""",
            key);
    }

    // Nobody ever receives p9.
    private string Item()
    {
        var product = _random.Next(100) < 5 ? 9 : _random.Next(Products);
        return $$"""{"productId":"p{{product}}","quantity":{{_random.Next(1, 4)}},"price":{{Amount(50)}}}""";
    }

    private Operation Cancel(string key) =>
        new("order", _orders[_random.Next(_orders.Count)], "cancel", """{"reason":"Changed my mind"}""", key);

    private Operation Move(string key) => new(
        "account",
        $"a{_random.Next(Accounts)}",
        _random.Next(2) == 0 ? "deposit" : "withdraw",
        $$"""{"amount":{{Amount(80)}}}""",
        key);

    private Operation Receive(string key) =>
        new("inventory", $"p{_random.Next(Products)}", "receive-stock", $$"""{"quantity":{{_random.Next(1, 60)}}}""", key);

    private Operation Rename(string key) =>
        new("user", $"u{_random.Next(Customers)}", "update", $$"""{"name":"Customer {{key}}"}""", key);

    private Operation Reprice(string key) =>
        new("product", $"p{_random.Next(Products)}", "change-price", $$"""{"price":{{Amount(90)}}}""", key);

    private string Amount(int below) => (_random.Next(1, below * 100) / 100m).ToString(CultureInfo.InvariantCulture);
}
