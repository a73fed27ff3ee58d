using System.Diagnostics;
using System.Globalization;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>A disk of a few megabytes, in memory, for a server that is to run out of room on it. Needs the right to mount.</summary>
internal sealed class SmallDisk(int megabytes, bool holdsAll) : IDisposable
{
    private string _seen = "";

    /// <summary>Where the server sees it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("loire-disk-").FullName;

    /// <summary>Whether the whole server is on it, its write-ahead log too.</summary>
    public bool HoldsAll => holdsAll;

    private string Ballast => $"{_seen}/ballast";

    /// <summary>What to put before a command line so that it runs with the disk. Skips the test without the right to do that.</summary>
    public IEnumerable<string> Mount()
    {
        string[] unshare = ["unshare", "--mount", "sh", "-ec", ServerScript.WithDisk, "disk", "1", Folder];
        using var attempt = Process.Start(new ProcessStartInfo(unshare[0], [.. unshare[1..], "true"]) { UseShellExecute = false })!;
        attempt.WaitForExit();
        Assert.SkipWhen(attempt.ExitCode != 0, "A small disk can only be mounted by a user who may mount, root for one.");
        return [.. unshare[..^2], megabytes.ToString(CultureInfo.InvariantCulture), Folder];
    }

    /// <summary>It is there for a process and its children only; from outside it is reached through the process.</summary>
    public void SeenBy(int process) => _seen = $"/proc/{process}/root{Folder}";

    /// <summary>Takes all the room that is left but for so many bytes.</summary>
    public void FillUp(int leave = 0)
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException) when (file.Length > leave)
        {
            file.SetLength(file.Length - leave);
        }
    }

    /// <summary>Makes room again.</summary>
    public void MakeRoom() => File.Delete(Ballast);

    public void Dispose() => Directory.Delete(Folder);
}
