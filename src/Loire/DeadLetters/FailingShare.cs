namespace Loire.DeadLetters;

/// <summary>Which share of the recent events failed. When a thousand have been counted, each counts half from then on.</summary>
internal sealed class FailingShare(double most)
{
    private const double Window = 1_000;
    private const double Enough = 20;

    private double _failed;
    private double _all;

    /// <summary>So many fail that it must be the handler, not the events.</summary>
    public bool IsTooLarge => _failed >= Enough && _failed / _all > most;

    public void Handled(int events) => Count(events, failed: 0);

    public void Failed() => Count(1, failed: 1);

    /// <summary>Somebody has looked at it, and says that it goes on.</summary>
    public void Forget() => (_failed, _all) = (0, 0);

    private void Count(int events, int failed)
    {
        _all += events;
        _failed += failed;
        while (_all >= Window)
        {
            _all /= 2;
            _failed /= 2;
        }
    }
}
