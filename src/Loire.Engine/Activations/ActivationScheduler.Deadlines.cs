namespace Loire.Engine;

/// <summary>Which calls have waited too long.</summary>
internal sealed partial class ActivationScheduler
{
    /// <summary>
    /// Adds the calls whose time is over. Those that wait are taken out of the queue, those that run go on. False when
    /// there is nothing left to watch.
    /// </summary>
    public bool CollectOverdue(long now, List<GrainRequest> overdue)
    {
        lock (_gate)
        {
            if (_phase == Phase.Killed)
            {
                // All of its callers have been told.
                return _watched = false;
            }

            for (var request = _waiting.First; request is not null;)
            {
                var next = request.Next;
                if (request.Deadline <= now)
                {
                    _waiting.Remove(request);
                    overdue.Add(request);
                }

                request = next;
            }

            for (var request = _running.First; request is not null; request = request.Next)
            {
                if (request.Deadline <= now)
                {
                    request.Deadline = long.MaxValue;
                    overdue.Add(request);
                }
            }

            return _watched = _waiting.Count > 0 || _running.Count > 0;
        }
    }
}
