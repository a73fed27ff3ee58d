using System.Reflection;

namespace Loire.EventLog.PostgreSql;

/// <summary>The tables of the store, step by step (<c>*.sql</c>).</summary>
internal static class Migrations
{
    // "Loir": tells our lock from those of others in the database.
    private const long Lock = 0x4c6f6972;

    private static readonly string[] Steps = ["1-tables", "2-append", "3-views", "4-snapshots", "5-view-columns"];

    public static DatabaseSchema Schema { get; } = new("loire", Lock, Assembly.GetExecutingAssembly(), Steps);
}
