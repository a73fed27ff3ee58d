using System.Text.Json;
using EndToEnd.Crash;

namespace Loire.Benchmarks.Soak;

/// <summary>What was answered, in a file, so that it takes no memory while memory is measured.</summary>
internal sealed class Acknowledgements : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _file = Path.GetTempFileName();
    private readonly StreamWriter _writer;

    public Acknowledgements() => _writer = new StreamWriter(File.Open(_file, FileMode.Append, FileAccess.Write, FileShare.Read));

    public int Count { get; private set; }

    public void Add(Acknowledgement answer)
    {
        var line = JsonSerializer.Serialize(answer);
        lock (_gate)
        {
            _writer.WriteLine(line);
            Count++;
        }
    }

    public List<Acknowledgement> ReadAll()
    {
        lock (_gate)
        {
            _writer.Flush();
        }

        using var reader = new StreamReader(File.Open(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var all = new List<Acknowledgement>();
        while (reader.ReadLine() is { } line)
        {
            all.Add(JsonSerializer.Deserialize<Acknowledgement>(line)!);
        }

        return all;
    }

    public void Dispose()
    {
        _writer.Dispose();
        File.Delete(_file);
    }
}
