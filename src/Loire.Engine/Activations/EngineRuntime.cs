using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>What references, activations and services of one host share.</summary>
public sealed partial class EngineRuntime : IDisposable
{
    private readonly long _collectionPeriod;
    private readonly Func<GrainId, int, Activation> _make;
    private long _nextCollection;
    private int _nextWorker;
    private volatile bool _accepts;

    internal EngineRuntime(
        IServiceProvider services,
        GrainManifest manifest,
        TimeProvider time,
        IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection,
        Lazy<OutgoingFilters?> outgoingFilters,
        ILogger<EngineRuntime> log,
        ClusterSeat? seat,
        EngineControl? control)
    {
        Services = services;
        Manifest = manifest;
        Time = time;
        Collection = collection.Value;
        _outgoingFilters = outgoingFilters;
        Log = log;
        _seat = seat;
        Control = control;
        Address = seat?.Address ?? SiloAddress.New(IPAddress.Loopback, 11111, SiloAddress.AllocateNewGeneration());
        Catalog = new Catalog(seat?.Cluster.Directory);
        _make = (id, worker) => new Activation(this, manifest.Class(id.Type), id, worker);
        MailboxLimit = messaging.Value.MaxEnqueuedRequestsHardLimit;
        ResponseTimeout = messaging.Value.ResponseTimeout;
        CancelsOnTimeout = messaging.Value.CancelRequestOnTimeout;
        Clock = new EngineClock(time);
        Deadlines = seat?.Cluster.Deadlines ?? new Deadlines();
        _collectionPeriod = (long)Collection.CollectionQuantum.TotalMilliseconds;
    }

    internal IServiceProvider Services { get; }

    internal GrainManifest Manifest { get; }

    internal TimeProvider Time { get; }

    internal GrainCollectionOptions Collection { get; }

    internal ILogger Log { get; }

    internal int MailboxLimit { get; }

    internal TimeSpan ResponseTimeout { get; }

    internal bool CancelsOnTimeout { get; }

    internal bool Accepts => _accepts;

    internal EngineControl? Control { get; }

    internal Random Random => Control?.Random ?? Random.Shared;

    internal TaskScheduler Background => Control?.Background ?? TaskScheduler.Default;

    internal EngineClock Clock { get; }

    internal Deadlines Deadlines { get; }

    internal Catalog Catalog { get; }

    /// <inheritdoc />
    public void Dispose() => Clock.Dispose();

    internal void Start()
    {
        MakeFilters();
        _accepts = true;
        StartTime = Time.GetUtcNow().UtcDateTime;
        Clock.Start(OnTick);
        _nextCollection = Clock.Now + _collectionPeriod;
        Cluster?.Membership.Join(this);
    }

    /// <summary>Refuses calls to grains that are not active, and deactivates those that are.</summary>
    internal Task Stop(CancellationToken cancellationToken)
    {
        _accepts = false;
        return Cluster is { } cluster ? StopInCluster(cluster, cancellationToken) : Catalog.EndAll().WaitAsync(cancellationToken);
    }

    /// <summary>Whether this has failed only because the host stops, which is nothing to be alarmed about.</summary>
    internal bool IsCutOff(Exception exception) =>
        !_accepts && exception is (SiloUnavailableException or OperationCanceledException);

    /// <summary>Gives a call what it takes along from its caller. False when this host is dead, so that nobody gets the call.</summary>
    internal bool Stamp(GrainRequest request)
    {
        request.Deadline = Clock.After(request.Method.ResponseTimeout ?? ResponseTimeout);
        request.Context = RequestContext.Current;
        request.CallChain = RequestContext.ReentrancyId;
        return !_stampsMore || StampMore(request);
    }

    /// <summary>
    /// Hands a call to the activation of the grain, which is made if there is none. Returns the activation when later calls
    /// may go to it directly.
    /// </summary>
    internal Activation? Deliver(GrainId id, GrainRequest request)
    {
        try
        {
            return _seat is null ? DeliverLocally(id, request) : _seat.Cluster.Directory.Deliver(this, id, request);
        }
        catch (OrleansException rejected)
        {
            request.TryFail(rejected);
            return null;
        }
    }

    /// <summary>The same, on this silo.</summary>
    internal Activation? DeliverLocally(GrainId id, GrainRequest request)
    {
        var grainClass = Manifest.Class(id.Type);
        while (true)
        {
            var activation = Locate(id, grainClass.Workers == 1 ? 0 : ChooseWorker(id, grainClass.Workers));
            if (activation.Scheduler.TryEnqueue(request))
            {
                return grainClass.Workers == 1 ? activation : null;
            }
        }
    }

    // A worker that is idle, a new one, or when all are busy each in turn.
    private int ChooseWorker(GrainId id, int workers)
    {
        for (var worker = 0; worker < workers; worker++)
        {
            if (Catalog.Find(id, worker) is not { Scheduler.IsIdle: false })
            {
                return worker;
            }
        }

        return (int)((uint)Interlocked.Increment(ref _nextWorker) % (uint)workers);
    }

    private Activation Locate(GrainId id, int worker)
    {
        if (Catalog.Find(id, worker) is { } activation)
        {
            return activation;
        }

        return _accepts
            ? Catalog.GetOrAdd(id, worker, _make)
            : throw new SiloUnavailableException($"{id} cannot be activated: the host has not started, or stops");
    }

    private void OnTick(long now)
    {
        Deadlines.Sweep(now);
        if (now >= _nextCollection)
        {
            _nextCollection = now + _collectionPeriod;
            Catalog.Collect(now);
        }
    }
}
