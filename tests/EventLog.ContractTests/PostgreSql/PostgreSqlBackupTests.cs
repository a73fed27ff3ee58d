using System.Diagnostics;
using Loire.EventLog.PostgreSql;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>The backup that docs/operations.md describes.</summary>
public sealed class PostgreSqlBackupTests
{
    [Fact]
    public async Task A_dump_that_is_taken_while_writes_go_on_is_whole_and_can_be_restored()
    {
        await using var under = await PostgreSqlUnderTest.Create();
        var (dump, restored) = (Path.GetTempFileName(), $"{under.Database}_restored");

        var before = await BackupContract.TakenDuringWrites(
            under, () => Run(under.Server, "pg_dump", "-Fc", "-f", dump, under.Database));
        await under.Server.Execute($"CREATE DATABASE {restored}");
        await Run(under.Server, "pg_restore", "-e", "-d", restored, dump);
        File.Delete(dump);

        var options = under.Options with { ConnectionString = under.Server.ConnectionString(restored) };
        await using (var copy = await PostgreSqlStore.Open(options))
        {
            await BackupContract.IsWhole(copy.Log, copy.Views, under.Log, before);
        }

        await under.Server.Execute($"DROP DATABASE {restored} WITH (FORCE)");
    }

    private static async Task Run(PostgreSqlServer server, string program, params string[] arguments)
    {
        string[] target = ["-h", "127.0.0.1", "-p", $"{server.Port}", "-U", "postgres"];
        using var process = Process.Start(new ProcessStartInfo(PostgreSqlServer.Program(program), [.. target, .. arguments])
        {
            UseShellExecute = false, RedirectStandardError = true,
        })!;
        var complaints = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, complaints);
    }
}
