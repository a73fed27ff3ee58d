using Loire.Silo.Startup;

namespace Loire.Silo;

/// <summary>How a silo finds others: on the embedded engine there are none.</summary>
internal static class Membership
{
    /// <exception cref="SettingException">A cluster is asked for.</exception>
    public static ISiloBuilder UseMembership(this ISiloBuilder silo, Settings settings)
    {
        settings.RefuseCluster("the Orleans engine, and this silo was built for the embedded one (see docs/engines.md)");
        return silo.UseLocalhostClustering();
    }

    /// <summary>There is nothing to be made.</summary>
    public static Task Migrate(IServiceProvider services) => Task.CompletedTask;
}
