using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EndToEnd.Silo;

/// <summary>A silo as a process of its own, on a free port of this machine.</summary>
public sealed partial class SiloProcess : IAsyncDisposable
{
    private const string Ready = "Loire is listening on ";
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Halt = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The program.</summary>
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "loire-silo.dll");

    /// <summary>
    /// Lets a silo on PostgreSQL listen for others on any port, which only Orleans has: each would take the same one, and tests
    /// run side by side.
    /// </summary>
    public static IReadOnlyList<string> AnyPort { get; } =
#if ORLEANS
        ["--silo-port", "0"];
#else
        [];
#endif

    private readonly Process _process;
    private readonly Output _out;
    private readonly Output _errors;

    private SiloProcess(Process process)
    {
        _process = process;
        _out = new Output(process.StandardOutput);
        _errors = new Output(process.StandardError);
    }

    public Uri Address { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>What it has printed for people so far.</summary>
    public string Printed => _out.Text;

    /// <summary>What it has logged so far.</summary>
    public string Logged => _errors.Text;

    /// <summary>Starts a silo and waits until it listens.</summary>
    public static async Task<SiloProcess> Start(string data, params string[] options)
    {
        var silo = new SiloProcess(Launch(["--urls", "http://127.0.0.1:0", "--data", data, .. options]));
        try
        {
            var line = await silo._out.Line(Ready).WaitAsync(Patience);
            silo.Address = new Uri(line[Ready.Length..]);
            return silo;
        }
        catch (Exception e) when (e is TimeoutException or EndOfStreamException)
        {
            await silo.DisposeAsync();
            throw new InvalidOperationException($"The silo did not start.\n{silo.Printed}\n{silo.Logged}", e);
        }
    }

    /// <summary>Runs a silo that is expected to end by itself.</summary>
    public static Task<(int ExitCode, string Printed, string Logged)> RunToEnd(params string[] options) => RunToEnd([], options);

    /// <summary>As above, with environment variables (<c>name=value</c>).</summary>
    public static async Task<(int ExitCode, string Printed, string Logged)> RunToEnd(string[] environment, string[] options)
    {
        await using var silo = new SiloProcess(Launch(options, environment));
        await silo._process.WaitForExitAsync().WaitAsync(Patience);
        await silo._out.End.WaitAsync(Patience);
        await silo._errors.End.WaitAsync(Patience);
        return (silo._process.ExitCode, silo.Printed, silo.Logged);
    }

    /// <summary>As <c>kill -9</c> does: nothing in the process gets a chance to tidy up.</summary>
    public Task Kill()
    {
        _process.Kill();
        return _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>As <c>kill</c> does: asks it to stop.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Stop()
    {
        Signal(_process.Id, Terminate).ShouldBe(0);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>As <c>kill -STOP</c> does: it runs no further until it is thawed.</summary>
    public void Freeze() => Signal(_process.Id, Halt).ShouldBe(0);

    /// <summary>As <c>kill -CONT</c> does.</summary>
    public void Thaw() => Signal(_process.Id, Continue).ShouldBe(0);

    /// <summary>Waits until it has ended by itself.</summary>
    public Task Ended() => _process.WaitForExitAsync().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
    }

    private static Process Launch(string[] options, params string[] environment)
    {
        // The shell makes room for itself: the process is the silo's. A file that may not grow is then an error, not the end.
        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "-c", "trap '' XFSZ; exec dotnet exec \"$@\"", "silo", Assembly,
            },
        };
        foreach (var option in options)
        {
            start.ArgumentList.Add(option);
        }

        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // It grows a file in memory, which a limit on files would stop.
        foreach (var variable in environment)
        {
            start.Environment[variable[..variable.IndexOf('=')]] = variable[(variable.IndexOf('=') + 1)..];
        }

        return Process.Start(start)!;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
