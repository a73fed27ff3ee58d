using EndToEnd.Silo;
using Loire.EventLog.ContractTests.PostgreSql;

namespace EndToEnd.Startup;

/// <summary>What a silo makes of its options for PostgreSQL, wherever they come from.</summary>
public sealed class PostgreSqlStartTests
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Database=loire;Username=loire;Password=secret";
    private static readonly string[] Url = ["--urls", "http://127.0.0.1:0", .. SiloProcess.AnyPort];

    [Theory]
    [InlineData("--Store:ConnectionString=Hots=x;Password=secret", "Store:ConnectionString must be a connection string with a Host")]
    [InlineData("--Store:MaxConnections=3", "Store:MaxConnections must be 4 to 1000")]
    [InlineData("--Store:MaxConnections=many", "Store:MaxConnections")]
    [InlineData("--Store:Readers=4", "Readers")]
    public async Task An_option_that_cannot_be_used_is_named_in_one_line_without_the_password(string option, string named)
    {
        var (code, printed, errors) = await SiloProcess.RunToEnd(
            [.. Url, "--store", "postgresql", "--Store:ConnectionString", Nowhere, option]);

        code.ShouldNotBe(0);
        printed.ShouldBeEmpty();
        Refusal.OneLine(errors).ShouldContain(named);
        errors.ShouldNotContain("secret");
    }

    [Fact]
    public async Task The_environment_says_it_as_well()
    {
        string[] environment = ["Store=postgresql", $"Store__ConnectionString={Nowhere}", "Store__ConnectTimeout=00:00:01"];

        var (code, _, errors) = await SiloProcess.RunToEnd(environment, Url);

        code.ShouldNotBe(0);
        Refusal.OneLine(errors).ShouldContain("The store cannot be opened. Failed to connect to 127.0.0.1:1");
        errors.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_file_says_it_as_well_and_the_command_line_comes_first()
    {
        var name = $"Test{Guid.NewGuid():N}";
        var file = Path.Combine(AppContext.BaseDirectory, $"appsettings.{name}.json");
        await File.WriteAllTextAsync(file, """{"store": "postgresql", "Store": {"ConnectionString": "Host=127.0.0.1;Port=1", "MaxConnections": 3}}""");
        try
        {
            Refusal.OneLine((await SiloProcess.RunToEnd([.. Url, "--environment", name])).Logged).ShouldContain("MaxConnections");
            Refusal.OneLine((await SiloProcess.RunToEnd([.. Url, "--environment", name, "--Store:MaxConnections=4"])).Logged)
                .ShouldContain("Failed to connect to 127.0.0.1:1");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Tables_are_made_on_request_and_a_silo_that_may_not_make_them_says_so_in_one_line()
    {
        await using var server = await PostgreSqlServer.Start();
        await server.Execute("CREATE ROLE stranger LOGIN; CREATE SCHEMA loire");
        string[] options = ["--store", "postgresql", "--Store:ConnectionString", server.ConnectionString()];
        var stranger = options[^1].Replace("Username=postgres", "Username=stranger", StringComparison.Ordinal);

        var (refused, _, why) = await SiloProcess.RunToEnd([.. Url, .. options[..^1], stranger]);
        refused.ShouldNotBe(0);
        Refusal.OneLine(why).ShouldContain("'stranger' may not do it: permission denied for schema loire");

        var (code, printed, _) = await SiloProcess.RunToEnd(["--migrate", .. options]);
        code.ShouldBe(0);
        printed.Trim().ShouldBe("The store is up to date.");
        (await server.Ask<long>("SELECT count(*) FROM loire.migrations", "postgres")).ShouldBeGreaterThan(0);
    }
}
