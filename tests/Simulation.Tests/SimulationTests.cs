namespace Loire.Simulation.Tests;

public sealed class SimulationTests
{
    [Theory]
    [InlineData("1", "150")]
    [InlineData("151", "150")]
    public async Task Nothing_is_found_when_nothing_is_wrong(string from, string count)
    {
        var (exitCode, output) = await SimulationProcess.Run("--from", from, "--seeds", count);

        output.ShouldContain($"{count} seeds, 0 with findings");
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Sagas_of_random_shapes_do_everything_once_and_end_as_they_say()
    {
        var (exitCode, output) = await SimulationProcess.Run("--scenario", "sagas", "--seeds", "100");

        output.ShouldContain("100 seeds, 0 with findings");
        exitCode.ShouldBe(0);

        // What never happens is not tested.
        string[] happens =
        [
            "ended completed", "ended undone", "ended with open work", "AttemptFailed", "CompensationFailed", "CompensationRequested",
            "StepFailed", "StepRetried", "StepSkipped", "StepStuck", "StepWithdrawn",
        ];
        happens.ShouldAllBe(what => output.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_seed_gives_the_same_trace_in_every_process_byte_for_byte()
    {
        var traces = await Task.WhenAll(SimulationProcess.Run("--seed", "2"), SimulationProcess.Run("--seed", "2"));

        traces[1].Output.ShouldBe(traces[0].Output);
        traces[0].Output.Length.ShouldBeGreaterThan(100_000);
    }

    [Fact]
    public async Task What_is_not_known_is_refused_with_the_usage()
    {
        var (exitCode, output) = await SimulationProcess.Run("--sedes", "5");

        exitCode.ShouldBe(2);
        output.ShouldBeEmpty();
    }
}
