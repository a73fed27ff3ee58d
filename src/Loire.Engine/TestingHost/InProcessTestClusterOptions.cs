using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>What a cluster in this process is made of.</summary>
public sealed class InProcessTestClusterOptions
{
    /// <summary>How many silos <see cref="InProcessTestCluster.DeployAsync"/> starts.</summary>
    public short InitialSilosCount { get; set; }

    /// <summary>Called for the host of each silo before it is built.</summary>
    public List<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> SiloHostConfigurationDelegates { get; } = [];

    /// <summary>Called for the host of the client before it is built.</summary>
    public List<Action<IHostApplicationBuilder>> ClientHostConfigurationDelegates { get; } = [];
}

/// <summary>What is different in each silo.</summary>
public sealed class InProcessTestSiloSpecificOptions
{
    /// <summary>The name; a silo that is restarted keeps it.</summary>
    public string SiloName { get; set; } = "";
}
