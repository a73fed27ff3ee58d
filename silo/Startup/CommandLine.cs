namespace Loire.Silo.Startup;

/// <summary>What may stand on the command line. The framework takes anything, and a misspelt option would go unnoticed.</summary>
internal static class CommandLine
{
    public const string Usage = """
        Usage: dotnet run --project silo -- [options]

          --data <folder>     Where events and views are kept (default: ./data).
          --store <store>     sqlite (in the folder above; default) or postgresql (a server, see --Store:ConnectionString).
          --urls <urls>       Where to listen (default: http://localhost:5080, this machine only).
          --migrate           Makes the store's tables or brings them up to date, and ends.
          --help              Shows this.

        Several silos on one PostgreSQL server are a cluster (with the Orleans engine, see docs/engines.md):

          --cluster-id <name>             Silos with the same one are a cluster (default: loire).
          --service-id <name>             Owner of grains' own state, whatever the cluster's id (default: loire).
          --advertised-address <address>  Where the other silos reach this one (default: 127.0.0.1).
          --silo-port <port>              The port for that (default: 11111; 0: any free one).
          --gateway-port <port>           Where Orleans clients reach it (default: 0, nowhere).

        Limits, with their defaults; also as environment variables (Gateway__MaxBodyBytes) or in appsettings.json:

          --Gateway:MaxBodyBytes 1048576          largest body of a request
          --Gateway:MaxCommandsInFlight 10000     commands under way at once
          --Commands:ReceiptRetention 1.00:00:00  how long idempotency keys are remembered
          --Subscriptions:BatchSize 2000          events that a view takes in one transaction
          --Queries:CacheBytes 33554432           pages of views that are kept; 0 keeps none
          --Snapshots:Every 100                   events between two snapshots of an aggregate; 0 for none
          --Rebuilds:Grace 00:01:00               how long the old documents of a rebuilt view are kept
          --Timers:Poll 00:00:01                  how often timers are looked at when nothing happens
          --Store:QueueLength 10000               writes that wait at once
          --Store:AppendTimeout 00:00:10          how long a write is tried
          --Store:ReadTimeout 00:00:10            how long a read may take
          --Store:ConnectionString <text>         of the PostgreSQL server: "Host=db;Database=loire;Username=loire"
          --Store:MaxConnections 20               connections to it, 4 to 1000
          --Store:ConnectTimeout 00:00:05         how long a new one may take
          --Logging:LogLevel:Default Information  what is logged
        """;

    public const string ClusterId = "cluster-id";
    public const string ServiceId = "service-id";
    public const string AdvertisedAddress = "advertised-address";
    public const string SiloPort = "silo-port";
    public const string GatewayPort = "gateway-port";

    private static readonly string[] Keys = ["data", "store", "urls", "http_ports", "https_ports", "environment"];
    private static readonly string[] Sections =
    [
        "Gateway:", "Commands:", "Subscriptions:", "Queries:", "Snapshots:", "Rebuilds:", "Timers:", "Store:", "Cluster:", "Logging:", "Kestrel:",
    ];

    // Short for what is also an environment variable (Cluster__Id) and a member of appsettings.json.
    private static readonly Dictionary<string, string> Short = new(StringComparer.OrdinalIgnoreCase)
    {
        [ClusterId] = "Cluster:Id",
        [ServiceId] = "Cluster:ServiceId",
        [AdvertisedAddress] = "Cluster:AdvertisedAddress",
        [SiloPort] = "Cluster:SiloPort",
        [GatewayPort] = "Cluster:GatewayPort",
    };

    /// <summary>The same with all options in full.</summary>
    public static string[] Expand(string[] args) => [.. args.Select(argument =>
    {
        var key = Split(argument).Key;
        return Short.TryGetValue(key, out var full) ? string.Concat("--", full, argument.AsSpan(2 + key.Length)) : argument;
    })];

    /// <summary>How people write a key of the configuration.</summary>
    public static string OptionOf(string key) =>
        Short.FirstOrDefault(s => s.Value.Equals(key, StringComparison.OrdinalIgnoreCase)).Key is { } option ? $"--{option}" : key;

    /// <exception cref="SettingException">An option is not known, or has no value.</exception>
    public static void Check(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var (key, hasValue) = Split(args[i]);
            if (!IsKnown(key))
            {
                throw new SettingException($"There is no option '{args[i]}'. Try --help.");
            }

            if (!hasValue && ++i == args.Length)
            {
                throw new SettingException($"--{key} needs a value.");
            }
        }
    }

    private static (string Key, bool HasValue) Split(string argument)
    {
        var option = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : "";
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (option, false) : (option[..equals], true);
    }

    private static bool IsKnown(string key) =>
        Keys.Contains(key, StringComparer.OrdinalIgnoreCase)
        || Short.ContainsKey(key)
        || Sections.Any(s => key.Length > s.Length && key.StartsWith(s, StringComparison.OrdinalIgnoreCase));
}
