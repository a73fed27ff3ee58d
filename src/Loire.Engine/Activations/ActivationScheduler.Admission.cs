namespace Loire.Engine;

/// <summary>Which calls may start beside those that run.</summary>
internal sealed partial class ActivationScheduler
{
    private bool MayAlwaysInterleave(GrainRequest request) =>
        activation.Class.Reentrant || request.AlwaysInterleaves
        || (request.CallChain != Guid.Empty && _callChains?.Contains(request.CallChain) == true);

    private bool MayHaveSomethingToStart => _phase switch
    {
        Phase.New => true,
        Phase.Active => _runningAlone == 0 || _mayOvertake || MayStart(_waiting.First!),
        _ => false,
    };

    private bool MayStart(GrainRequest request)
    {
        if (_phase != Phase.Active || _endRequested)
        {
            return false;
        }

        // A call that interleaves does not hold up the others either: only those that want the grain to themselves do.
        return _runningAlone == 0
            || request.Interleaves
            || (request.ReadOnly && _runningReadOnly == _runningAlone)
            || activation.MayInterleave(request);
    }

    // The first call that may start. Later ones overtake only where they interleave by themselves.
    private GrainRequest? NextToStart()
    {
        if (_waiting.First is not { } first)
        {
            return null;
        }

        if (MayStart(first))
        {
            return Admit(first);
        }

        if (_phase != Phase.Active || _endRequested || !_mayOvertake)
        {
            return null;
        }

        for (var request = first.Next; request is not null; request = request.Next)
        {
            if (request.Interleaves || activation.MayInterleave(request))
            {
                return Admit(request);
            }
        }

        _mayOvertake = false;
        return null;
    }

    private GrainRequest Admit(GrainRequest request)
    {
        _waiting.Remove(request);
        _running.Add(request);
        request.RunsAlone = !request.Interleaves && !activation.MayInterleave(request);
        Count(request, 1);

        return request;
    }

    private void Count(GrainRequest request, int change)
    {
        if (request.RunsAlone)
        {
            _runningAlone += change;
            _runningReadOnly += request.ReadOnly ? change : 0;
        }
    }

    private void EndRunning(GrainRequest request)
    {
        _running.Remove(request);
        Count(request, -1);

        if (request.RefreshesIdleness)
        {
            activation.LastUsed = runtime.Clock.Now;
        }
    }
}
