using Loire.EventLog;

namespace Loire.Benchmarks.Soak;

/// <summary>Follows the log while it grows: no position and no version of an aggregate is left out or comes twice.</summary>
internal sealed class LogWatcher(IEventLog log, Violations violations)
{
    public async Task Run(CancellationToken stop)
    {
        var position = log.Head;
        var versions = new Dictionary<StreamName, long>();
        try
        {
            while (true)
            {
                await log.WaitBeyond(position, stop);
                var page = await log.ReadAll(position, LogFilter.All, limit: 1000, stop);
                foreach (var e in page.Events)
                {
                    Follows(e, ++position, versions);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The round is over.
        }
    }

    private void Follows(RecordedEvent e, long position, Dictionary<StreamName, long> versions)
    {
        if (e.Position != position)
        {
            violations.Add($"After position {position - 1} comes {e.Position}");
        }

        if (versions.TryGetValue(e.Stream, out var last) && e.Version != last + 1)
        {
            violations.Add($"After version {last} of {e.Stream} comes {e.Version}");
        }

        versions[e.Stream] = e.Version;
    }
}
