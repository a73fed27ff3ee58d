using Loire.Aggregates;
using Loire.DeadLetters;
using Loire.Inbox;
using Loire.Projections;
using Loire.Queries;
using Loire.Reactors;
using Loire.Sagas;
using Loire.Serialization;
using Loire.Snapshots;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Loire.Hosting;

/// <summary>Registers what the platform runs.</summary>
public sealed class LoireBuilder(IServiceCollection services)
{
    public IServiceCollection Services { get; } = services;

    /// <summary>Registers an aggregate by its grain class, and the decider for it.</summary>
    /// <typeparam name="TGrain">Derives from <see cref="AggregateGrain{TCommand,TState,TEvent}"/>; <c>[GrainType]</c> names the aggregate.</typeparam>
    /// <typeparam name="TDecider">Its rules.</typeparam>
    /// <param name="snapshots">When snapshots of it are taken, if not as <see cref="SnapshotOptions"/> says.</param>
    public LoireBuilder AddAggregate<TGrain, TDecider>(Action<SnapshotOptions>? snapshots = null)
        where TGrain : IAggregateGrain
        where TDecider : class
    {
        var decider = typeof(IDecider<,,>).MakeGenericType(AggregateDefinition.ArgumentsOf(typeof(TGrain)));
        if (!typeof(TDecider).IsAssignableTo(decider))
        {
            throw new InvalidOperationException($"{typeof(TDecider)} does not decide for {typeof(TGrain)}.");
        }

        if (snapshots is not null)
        {
            Services.Configure(AggregateDefinition.NameOf(typeof(TGrain)), snapshots);
        }

        Services.TryAddSingleton(decider, typeof(TDecider));
        Services.AddSingleton(sp => AggregateDefinition.Of(typeof(TGrain), sp));
        Services.AddSingleton(_ => new EventCodec(
            AggregateDefinition.NameOf(typeof(TGrain)), AggregateDefinition.ArgumentsOf(typeof(TGrain))[2]));
        return this;
    }

    /// <summary>Registers the events of a journaled grain of one's own, so that its journal can be kept in the log.</summary>
    /// <typeparam name="TGrain">The grain class; <c>[GrainType]</c> names its streams.</typeparam>
    /// <typeparam name="TEvent">Base of its events; each event is a record nested in it.</typeparam>
    public LoireBuilder AddJournal<TGrain, TEvent>()
        where TGrain : IGrain
    {
        Services.AddSingleton(_ => new EventCodec(AggregateDefinition.NameOf(typeof(TGrain)), typeof(TEvent)));
        return this;
    }

    /// <summary>Registers a projection and its view.</summary>
    /// <param name="failures">What happens when it cannot handle an event, if not as <see cref="SubscriptionOptions.Failures"/> says.</param>
    public LoireBuilder AddProjection<TProjection>(Action<FailurePolicy>? failures = null)
        where TProjection : Projection
    {
        Services.AddSingleton<TProjection>();
        Services.AddSingleton<Projection>(sp => sp.GetRequiredService<TProjection>());
        Services.AddSingleton(sp => ProjectionHandler.Subscribe(sp.GetRequiredService<TProjection>(), sp)
            with { Failures = FailurePolicies.Of(sp, failures) });
        return this;
    }

    /// <summary>Registers a reactor.</summary>
    public LoireBuilder AddReactor<TReactor>(Action<ReactorOptions>? configure = null)
        where TReactor : Reactor
    {
        ReactorRegistration.Add<TReactor>(Services, configure);
        return this;
    }

    /// <summary>Registers a consumer of an <see cref="IInbox"/>, which handles each message once.</summary>
    /// <param name="name">Unique, kebab-case, up to 80 characters; its memory is kept under it.</param>
    /// <param name="configure">How it takes its messages.</param>
    public LoireBuilder AddIdempotentConsumer(string name, Action<InboxOptions>? configure = null)
    {
        InboxRegistration.Add(Services, name, configure);
        return this;
    }

    /// <summary>Registers what answers a query, an <see cref="IQueryHandler{TQuery,TResult}"/>.</summary>
    public LoireBuilder AddQuery<THandler>()
        where THandler : class
    {
        Services.TryAddSingleton<THandler>();
        Services.AddSingleton(sp => QueryDefinition.Of(sp.GetRequiredService<THandler>()));
        return this;
    }

    /// <summary>Registers a saga, in the newest version of its definition, and the grain class that runs it.</summary>
    /// <param name="failures">What happens when an event that starts or undoes it cannot be handled, if not as
    /// <see cref="SubscriptionOptions.Failures"/> says.</param>
    public LoireBuilder AddSaga<TGrain, TSaga>(Action<FailurePolicy>? failures = null)
        where TGrain : SagaGrain<TSaga>
        where TSaga : Saga
    {
        SagaRegistration.Add<TGrain, TSaga>(this, failures);
        return this;
    }

    /// <summary>Registers an older version of a saga's definition, for the sagas that started on it.</summary>
    public LoireBuilder AddSagaVersion<TSaga>()
        where TSaga : Saga
    {
        SagaRegistration.AddVersion<TSaga>(this);
        return this;
    }
}
