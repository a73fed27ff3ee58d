using System.Net;

namespace Loire.Silo.Startup;

/// <summary>How silos find each other; the section <c>Cluster</c>.</summary>
internal sealed class ClusterSettings
{
    public const string Section = "Cluster";

    /// <summary>The silos with the same one in the same database are one cluster; 1 to 100 characters.</summary>
    public string Id { get; set; } = "loire";

    /// <summary>Owns the state of users' grains, whatever the cluster is called; 1 to 100 characters.</summary>
    public string ServiceId { get; set; } = "loire";

    /// <summary>An address of this machine at which the other silos reach this one; also its only one for them.</summary>
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>Where the other silos reach this one; 0 for any free port.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Where Orleans clients reach it; 0 for nowhere.</summary>
    public int GatewayPort { get; set; }

    /// <exception cref="SettingException">A value is out of its range.</exception>
    public void Check()
    {
        Require(Id.Length is >= 1 and <= 100, CommandLine.ClusterId, "must have 1 to 100 characters");
        Require(ServiceId.Length is >= 1 and <= 100, CommandLine.ServiceId, "must have 1 to 100 characters");
        Require(SiloPort is >= 0 and <= IPEndPoint.MaxPort, CommandLine.SiloPort, "must be 0 to 65535");
        Require(GatewayPort is >= 0 and <= IPEndPoint.MaxPort, CommandLine.GatewayPort, "must be 0 to 65535");
        Require(SiloPort == 0 || SiloPort != GatewayPort, CommandLine.GatewayPort, "must not be the port for silos");
        Require(!string.IsNullOrWhiteSpace(AdvertisedAddress), CommandLine.AdvertisedAddress, "must be an address of this machine");
    }

    private static void Require(bool holds, string key, string demand)
    {
        if (!holds)
        {
            throw new SettingException($"--{key} {demand}.");
        }
    }
}
