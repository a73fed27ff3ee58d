using EndToEnd.Silo;

namespace EndToEnd.Deployment;

/// <summary>The manifests hold together, and what they say of the silo is so.</summary>
public sealed class KubernetesTests(RunningSilo silo)
{
    private static readonly DeploymentFile[] Silos = [.. DeploymentFile.Read("kubernetes/silos.yaml")];
    private static readonly DeploymentFile Deployment = Silos.Single(d => d["kind"].Value == "Deployment");
    private static readonly DeploymentFile Job = DeploymentFile.Read("kubernetes/migrate.yaml").Single();
    private static readonly DeploymentFile Container = ContainerOf(Deployment);

    [Fact]
    public void Three_silos_run_and_one_at_a_time_may_be_taken_away()
    {
        Deployment["spec.replicas"].Value.ShouldBe("3");
        var budget = Silos.Single(d => d["kind"].Value == "PodDisruptionBudget");
        budget["spec.maxUnavailable"].Value.ShouldBe("1");
        budget["spec.selector.matchLabels"].Values.ShouldBe(Deployment["spec.template.metadata.labels"].Values);
        Deployment["spec.selector.matchLabels"].Values.ShouldBe(Deployment["spec.template.metadata.labels"].Values);
    }

    [Fact]
    public void The_service_leads_to_the_port_that_the_image_listens_on()
    {
        var service = Silos.Single(d => d["kind"].Value == "Service");
        service["spec.selector"].Values.ShouldBe(Deployment["spec.template.metadata.labels"].Values);

        Ports().ShouldContainKey(service["spec.ports"].Items.Single()["targetPort"].Value);
        Ports()["http"].ShouldBe(Image.HttpPort);
        Image.Exposed.ShouldBe(Ports().Values, ignoreOrder: true);
    }

    [Theory]
    [InlineData("startupProbe")]
    [InlineData("readinessProbe")]
    [InlineData("livenessProbe")]
    public async Task Probes_ask_for_what_the_silo_answers(string probe)
    {
        var get = Container[probe]["httpGet"];

        Ports().ShouldContainKey(get["port"].Value);
        (await silo.Api.Get(get["path"].Value)).Ok();
    }

    [Fact]
    public void Silos_know_the_options_that_they_are_given()
    {
        foreach (var variable in Container["env"].Items.Concat(ContainerOf(Job)["env"].Items))
        {
            SiloOptions.ShouldHave(variable["name"].Value, variable.Has("value") ? variable["value"].Value : null);
        }

        Container["env"].Items.Single(v => v["name"].Value == "Cluster__SiloPort")["value"].Value.ShouldBe(Ports()["silo"]);
    }

    [Fact]
    public void Passwords_are_in_a_secret_and_silos_do_not_have_the_owners()
    {
        Secret(Container).ShouldBe(("loire-database", "app"));
        Secret(ContainerOf(Job)).ShouldBe(("loire-database", "owner"));
    }

    [Fact]
    public async Task The_job_makes_the_tables_with_the_same_image()
    {
        ContainerOf(Job)["image"].Value.ShouldBe(Container["image"].Value);
        var option = ContainerOf(Job)["args"].Items.Single().Value;

        (await SiloProcess.RunToEnd("--help")).Printed.ShouldContain($" {option} ");
    }

    private static (string Name, string Key) Secret(DeploymentFile container)
    {
        var reference = container["env"].Items.Single(v => v["name"].Value == "Store__ConnectionString")["valueFrom.secretKeyRef"];
        return (reference["name"].Value, reference["key"].Value);
    }

    private static DeploymentFile ContainerOf(DeploymentFile workload) => workload["spec.template.spec.containers"].Items.Single();

    private static Dictionary<string, string> Ports() =>
        Container["ports"].Items.ToDictionary(port => port["name"].Value, port => port["containerPort"].Value);
}
