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
        Phase.Active => _running.Count == 0 || _mayOvertake || MayStart(_waiting.First!),
        _ => false,
    };

    private bool MayStart(GrainRequest request)
    {
        if (_phase != Phase.Active || _endRequested)
        {
            return false;
        }

        return _running.Count == 0
            || request.Interleaves
            || (request.ReadOnly && _runningReadOnly == _running.Count)
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
        if (request.ReadOnly)
        {
            _runningReadOnly++;
        }

        return request;
    }

    private void EndRunning(GrainRequest request)
    {
        _running.Remove(request);
        if (request.ReadOnly)
        {
            _runningReadOnly--;
        }

        if (request.RefreshesIdleness)
        {
            activation.LastUsed = runtime.Clock.Now;
        }
    }
}
