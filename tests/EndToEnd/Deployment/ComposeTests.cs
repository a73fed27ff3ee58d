using EndToEnd.Silo;

namespace EndToEnd.Deployment;

/// <summary>The compose project and the image hold together, and what they say of the silo is so.</summary>
public sealed class ComposeTests(RunningSilo silo)
{
    private static readonly DeploymentFile Project = DeploymentFile.Read("compose.yaml").Single();

    private static readonly Dictionary<string, DeploymentFile> Silos =
        Project["services"].Members.Where(service => service.Key != "postgres").ToDictionary();

    [Fact]
    public void Three_silos_share_a_database_and_each_has_an_address_and_a_port_of_its_own()
    {
        Silos.Count.ShouldBe(3);
        Silos.ShouldAllBe(s => s.Value["environment.Cluster__AdvertisedAddress"].Value == s.Key);
        Silos.Values.Select(s => s["environment.Store__ConnectionString"].Value).Distinct().ShouldHaveSingleItem()
            .ShouldStartWith("Host=postgres;Database=loire;Username=loire;");
        Silos.Values.Select(s => s["ports"].Items.Single().Value.Split(':')).Select(port => (port[1], port[2]))
            .ShouldBe([("5081", Image.HttpPort), ("5082", Image.HttpPort), ("5083", Image.HttpPort)]);
        Silos.ShouldAllBe(s => s.Value["depends_on.postgres.condition"].Value == "service_healthy");
    }

    [Fact]
    public void Silos_know_the_options_that_they_are_given()
    {
        foreach (var (variable, value) in Silos.Values.SelectMany(s => s["environment"].Values))
        {
            SiloOptions.ShouldHave(variable, value);
        }
    }

    [Fact]
    public async Task The_probe_tells_a_silo_that_is_well_from_one_that_is_not_there()
    {
        var command = Silos["silo-1"]["healthcheck.test"].Items.Select(part => part.Value).ToArray();
        command[0].ShouldBe("CMD");
        command[^1].ShouldContain($"/127.0.0.1/{Image.HttpPort} ");

        (await Exit(silo.Api.Address.Port)).ShouldBe(0);
        (await Exit(port: 1)).ShouldNotBe(0);

        async Task<int> Exit(int port)
        {
            var start = new System.Diagnostics.ProcessStartInfo(
                command[1], [.. command[2..^1], command[^1].Replace($"/{Image.HttpPort} ", $"/{port} ", StringComparison.Ordinal)])
            {
                UseShellExecute = false, RedirectStandardError = true,
            };
            using var probe = System.Diagnostics.Process.Start(start)!;
            await probe.WaitForExitAsync();
            return probe.ExitCode;
        }
    }

    [Fact]
    public void The_image_runs_the_silo_on_the_Orleans_engine_and_not_as_root()
    {
        Image.Of("RUN").ShouldContain("-p:Engine=Orleans");
        string.Join(' ', Image.Of("ENTRYPOINT")).ShouldBe($"""["dotnet", "{Path.GetFileName(SiloProcess.Assembly)}"]""");
        Image.Of("USER").ShouldBe(["$APP_UID"]);
    }
}
