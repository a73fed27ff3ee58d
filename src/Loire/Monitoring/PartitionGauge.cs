namespace Loire.Monitoring;

/// <summary>
/// What the grain of a partition notes of itself as it goes along. Others read it without calling the grain, so that one that
/// hangs shows by the age of its heartbeat.
/// </summary>
internal sealed class PartitionGauge(string subscription, int partition, Guid activation, TimeProvider time)
{
    private const int MaxErrorLength = 1000;

    private readonly Lock _gate = new();
    private SubscriptionMode _mode;
    private long _position;
    private long _handled;
    private int _failures;
    private long _failuresInAll;
    private long? _failingSince;
    private string? _lastError;
    private string? _waitsFor;
    private long _heartbeat = time.GetTimestamp();

    public string Subscription => subscription;

    public int Partition => partition;

    /// <summary>Whether it has found out where it stands.</summary>
    public bool HasPosition { get; private set; }

    /// <summary>It has handled the log up to here.</summary>
    public long Position => Locked(() => _position);

    /// <summary>Events since the activation.</summary>
    public long Handled => Locked(() => _handled);

    /// <summary>Failures since the activation, those that were got over included.</summary>
    public long FailuresInAll => Locked(() => _failuresInAll);

    public TimeSpan HeartbeatAge => Locked(() => time.GetElapsedTime(_heartbeat));

    /// <summary>It is alive.</summary>
    public void Beat()
    {
        lock (_gate)
        {
            _heartbeat = time.GetTimestamp();
        }
    }

    /// <summary>It has got on, or has found that there is nothing to do.</summary>
    /// <param name="position">It has handled the log up to here.</param>
    /// <param name="events">How many events it has handled now.</param>
    public void Moved(long position, int events)
    {
        lock (_gate)
        {
            _heartbeat = time.GetTimestamp();
            _position = position;
            HasPosition = true;
            _handled += events;
            (_failures, _failingSince) = (0, null);
            _waitsFor = null;
        }
    }

    /// <summary>It cannot handle anything now, though nothing is wrong. It says why in place of the last error, until it gets on.</summary>
    public void Waits(string? reason)
    {
        lock (_gate)
        {
            _heartbeat = time.GetTimestamp();
            (_failures, _failingSince) = (0, null);
            _waitsFor = reason;
        }
    }

    /// <summary>An attempt has failed.</summary>
    public void Failed(string error)
    {
        lock (_gate)
        {
            _heartbeat = time.GetTimestamp();
            _failures++;
            _failuresInAll++;
            _failingSince ??= _heartbeat;
            _lastError = error.Length <= MaxErrorLength ? error : error[..MaxErrorLength];
        }
    }

    /// <summary>It is told to do something else.</summary>
    public void Enter(SubscriptionMode mode)
    {
        lock (_gate)
        {
            _heartbeat = time.GetTimestamp();
            _mode = mode;
        }
    }

    public PartitionReading Read()
    {
        lock (_gate)
        {
            return new PartitionReading(
                subscription,
                partition,
                activation,
                _mode,
                _position,
                _handled,
                _failures,
                _failingSince is { } since ? time.GetElapsedTime(since) : null,
                _waitsFor ?? _lastError,
                time.GetElapsedTime(_heartbeat));
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
