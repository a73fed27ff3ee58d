namespace Loire.Engine;

/// <summary>What the filters of a host need of it.</summary>
public sealed partial class EngineRuntime
{
    private readonly Lazy<OutgoingFilters?> _outgoingFilters;

    // Until it is known what filters there are, calls take along all that one could ask for.
    private bool _tellsSource = true;
    private bool _stampsMore = true;

    internal OutgoingFilters? OutgoingFilters => _outgoingFilters.Value;

    // When the host starts and not at the first call, so that a host whose filters cannot be made does not start.
    private void MakeFilters()
    {
        _ = OutgoingFilters;
        _stampsMore = _tellsSource = Manifest.Classes.Any(c => c.Filters is not null);
    }

    private bool StampMore(GrainRequest request)
    {
        if (_tellsSource)
        {
            request.Source = RuntimeContext.Current;
        }

        return !_dead;
    }
}
