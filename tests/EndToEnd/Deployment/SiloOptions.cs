using System.ComponentModel;
using System.Reflection;
using Loire.EventLog.PostgreSql;
using Loire.Gateway;

namespace EndToEnd.Deployment;

/// <summary>The options that a silo knows, as environment variables.</summary>
internal static class SiloOptions
{
    private static readonly Dictionary<string, Type> Sections = new(StringComparer.Ordinal)
    {
        ["Store"] = typeof(PostgreSqlStoreOptions),
        ["Gateway"] = typeof(GatewayOptions),
        ["Cluster"] = Assembly.Load("loire-silo").GetType("Loire.Silo.Startup.ClusterSettings", throwOnError: true)!,
    };

    /// <summary>A silo has an option of that name (<c>Section__Key</c>) that takes the value.</summary>
    /// <param name="variable">The environment variable.</param>
    /// <param name="value"><see langword="null"/> when it comes from elsewhere.</param>
    public static void ShouldHave(string variable, string? value)
    {
        if (variable == "Store")
        {
            value.ShouldBe("postgresql");
            return;
        }

        var parts = variable.Split("__");
        parts.Length.ShouldBe(2, variable);
        Sections.ShouldContainKey(parts[0]);
        var option = Sections[parts[0]].GetProperty(parts[1]).ShouldNotBeNull(variable);
        if (value is not null)
        {
            TypeDescriptor.GetConverter(option.PropertyType).IsValid(value).ShouldBeTrue($"{variable}: {value}");
        }
    }
}
