using Loire.EventLog;
using Loire.EventLog.Views;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Defects;

/// <summary>Puts something between the platform and one of its services.</summary>
internal static class Decoration
{
    public static void Decorate<T>(this IServiceCollection services, Func<T, IServiceProvider, T> decorate)
        where T : class
    {
        foreach (var known in services.Where(s => s.ServiceType == typeof(T) && !s.IsKeyedService).ToList())
        {
            services.Remove(known);
            services.AddSingleton(sp => decorate(
                (T)(known.ImplementationInstance
                    ?? known.ImplementationFactory?.Invoke(sp)
                    ?? ActivatorUtilities.CreateInstance(sp, known.ImplementationType!)),
                sp));
        }
    }
}

/// <summary>A log that does what another does, until a defect overrides it.</summary>
internal abstract class LogDecorator(IEventLog log) : IEventLog
{
    public long Head => Inner.Head;

    protected IEventLog Inner { get; } = log;

    public virtual Task<AppendResult> Append(AppendRequest request) => Inner.Append(request);

    public Task<AppendResult?> FindReceipt(StreamName stream, IdempotencyKey key, CancellationToken cancellation = default) =>
        Inner.FindReceipt(stream, key, cancellation);

    public virtual Task<IReadOnlyList<RecordedEvent>> Load(StreamName stream, long afterVersion = 0, CancellationToken cancellation = default) =>
        Inner.Load(stream, afterVersion, cancellation);

    public virtual Task<StreamPage> ReadStream(
        StreamName stream, long from, int limit, ReadDirection direction, CancellationToken cancellation = default) =>
        Inner.ReadStream(stream, from, limit, direction, cancellation);

    public virtual Task<LogPage> ReadAll(long after, LogFilter filter, int limit, CancellationToken cancellation = default) =>
        Inner.ReadAll(after, filter, limit, cancellation);

    public Task WaitBeyond(long position, CancellationToken cancellation) => Inner.WaitBeyond(position, cancellation);
}

/// <summary>A store of views that does what another does, until a defect overrides it.</summary>
internal abstract class ViewDecorator(IViewStore views) : IViewStore
{
    protected IViewStore Inner { get; } = views;

    public Task Define(ViewSchema schema, CancellationToken cancellation = default) => Inner.Define(schema, cancellation);

    public virtual Task Drop(ViewSchema schema, CancellationToken cancellation = default) => Inner.Drop(schema, cancellation);

    public Task<long> Checkpoint(string subscription, int partition, CancellationToken cancellation = default) =>
        Inner.Checkpoint(subscription, partition, cancellation);

    public Task<string> Stamp(string subscription, CancellationToken cancellation = default) =>
        Inner.Stamp(subscription, cancellation);

    public abstract Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes);

    public Task<ViewDocument?> Find(ViewSchema schema, string id, CancellationToken cancellation = default) =>
        Inner.Find(schema, id, cancellation);

    public Task<IReadOnlyList<ViewDocument>> FindBy(
        ViewSchema schema, string field, object value, CancellationToken cancellation = default) =>
        Inner.FindBy(schema, field, value, cancellation);

    public Task<ViewPage> Query(ViewSchema schema, ViewQuery query, CancellationToken cancellation = default) =>
        Inner.Query(schema, query, cancellation);
}
