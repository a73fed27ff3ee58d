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

        Limits, with their defaults; also as environment variables (Gateway__MaxBodyBytes) or in appsettings.json:

          --Gateway:MaxBodyBytes 1048576          largest body of a request
          --Gateway:MaxCommandsInFlight 10000     commands under way at once
          --Commands:ReceiptRetention 1.00:00:00  how long idempotency keys are remembered
          --Subscriptions:BatchSize 2000          events that a view takes in one transaction
          --Store:QueueLength 10000               writes that wait at once
          --Store:AppendTimeout 00:00:10          how long a write is tried
          --Store:ReadTimeout 00:00:10            how long a read may take
          --Store:ConnectionString <text>         of the PostgreSQL server: "Host=db;Database=loire;Username=loire"
          --Store:MaxConnections 20               connections to it, 4 to 1000
          --Store:ConnectTimeout 00:00:05         how long a new one may take
          --Logging:LogLevel:Default Information  what is logged
        """;

    private static readonly string[] Keys = ["data", "store", "urls", "http_ports", "https_ports", "environment"];
    private static readonly string[] Sections = ["Gateway:", "Commands:", "Subscriptions:", "Store:", "Logging:", "Kestrel:"];

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
        || Sections.Any(s => key.Length > s.Length && key.StartsWith(s, StringComparison.OrdinalIgnoreCase));
}
