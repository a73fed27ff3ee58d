using System.Text;

namespace EndToEnd.Silo;

/// <summary>Reads what a process writes, so that it never blocks on a full pipe, and lets one wait for a line.</summary>
internal sealed class Output
{
    private readonly StringBuilder _text = new();
    private readonly Lock _lock = new();
    private readonly List<(string Start, TaskCompletionSource<string> Found)> _awaited = [];
    private bool _ended;

    public Output(StreamReader reader) => End = Read(reader);

    /// <summary>Completes when the process has closed the stream.</summary>
    public Task End { get; }

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>The first line that starts like this.</summary>
    /// <exception cref="EndOfStreamException">The process has closed the stream without it.</exception>
    public Task<string> Line(string start)
    {
        lock (_lock)
        {
            var seen = _text.ToString().Split('\n').FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal));
            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (seen is not null)
            {
                found.SetResult(seen);
            }
            else if (_ended)
            {
                found.SetException(new EndOfStreamException());
            }

            _awaited.Add((start, found));
            return found.Task;
        }
    }

    private async Task Read(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                _text.Append(line).Append('\n');
                foreach (var (_, found) in _awaited.Where(a => line.StartsWith(a.Start, StringComparison.Ordinal)))
                {
                    found.TrySetResult(line);
                }
            }
        }

        lock (_lock)
        {
            _ended = true;
            _awaited.ForEach(a => a.Found.TrySetException(new EndOfStreamException()));
        }
    }
}
