namespace Loire.Simulation.Tests;

public sealed class DefectTests
{
    [Fact]
    public async Task Planted_defects_are_found()
    {
        var (exitCode, output) = await SimulationProcess.Run("--defects", "500");

        output.ShouldNotContain("not found");
        exitCode.ShouldBe(0);
    }
}
