using System.Globalization;

namespace Loire.Testing.Simulation;

/// <summary>
/// What happened in a run, line by line. The lines have no random identifiers in them: the same seed gives the same text.
/// </summary>
public sealed class Trace
{
    private const int Kept = 400;

    private readonly Queue<string> _last = new();
    private readonly Simulator _simulator;
    private readonly TextWriter? _output;

    internal Trace(Simulator simulator, TextWriter? output)
    {
        _simulator = simulator;
        _output = output;
    }

    /// <summary>A digest of everything that has happened: FNV-1a, 64 bits.</summary>
    public ulong Digest { get; private set; } = 14695981039346656037;

    /// <summary>The last lines, the oldest first.</summary>
    public IReadOnlyCollection<string> Last => _last;

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        Mix(line);
        var dated = string.Create(CultureInfo.InvariantCulture, $"{_simulator.Now.TotalMilliseconds,12:0.000} {line}");
        _output?.WriteLine(dated);
        _last.Enqueue(dated);
        if (_last.Count > Kept)
        {
            _last.Dequeue();
        }
    }

    /// <summary>A step of the simulator: part of the digest and of a whole trace, not of the last lines.</summary>
    internal void Step(Work work)
    {
        Mix(work.What);
        _output?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{_simulator.Now.TotalMilliseconds,12:0.000}   . {work.Process.Name} {work.What}"));
    }

    private void Mix(string text)
    {
        var hash = Digest ^ (ulong)_simulator.Now.Ticks;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 1099511628211;
        }

        Digest = hash;
    }
}
