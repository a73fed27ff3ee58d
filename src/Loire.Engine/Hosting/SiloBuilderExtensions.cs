using System.Net;
using Loire.Engine;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Runs when grains can be called.</summary>
    public interface IStartupTask
    {
        /// <summary>Runs it.</summary>
        Task Execute(CancellationToken cancellationToken);
    }
}

namespace Orleans.Hosting
{
    /// <summary>Settings of the engine.</summary>
    public static class SiloBuilderExtensions
    {
        /// <summary>Adds services.</summary>
        public static ISiloBuilder ConfigureServices(this ISiloBuilder builder, Action<IServiceCollection> configureDelegate)
        {
            configureDelegate(builder.Services);
            return builder;
        }

        /// <summary>Sets options.</summary>
        public static ISiloBuilder Configure<TOptions>(this ISiloBuilder builder, Action<TOptions> configureOptions)
            where TOptions : class =>
            builder.ConfigureServices(services => services.Configure(configureOptions));
    }

    /// <summary>Where the silo is.</summary>
    public static class CoreHostingExtensions
    {
        /// <summary>One silo on this machine, which is what the embedded engine always is; the ports are not opened.</summary>
        public static ISiloBuilder UseLocalhostClustering(
            this ISiloBuilder builder,
            int siloPort = 11111,
            int gatewayPort = 30000,
            IPEndPoint? primarySiloEndpoint = null,
            string serviceId = "dev",
            string clusterId = "dev") => builder;
    }

    /// <summary>What runs at the start.</summary>
    public static class SiloBuilderStartupExtensions
    {
        /// <summary>Runs something when grains can be called, before the host counts as started.</summary>
        public static ISiloBuilder AddStartupTask(
            this ISiloBuilder builder,
            Func<IServiceProvider, CancellationToken, Task> startupTask,
            int stage = ServiceLifecycleStage.Active) =>
            builder.ConfigureServices(services => services.AddSingleton(new StartupTask(stage, startupTask)));

        /// <inheritdoc cref="AddStartupTask(ISiloBuilder, Func{IServiceProvider, CancellationToken, Task}, int)"/>
        public static ISiloBuilder AddStartupTask(
            this ISiloBuilder builder, IStartupTask startupTask, int stage = ServiceLifecycleStage.Active) =>
            builder.AddStartupTask((_, token) => startupTask.Execute(token), stage);

        /// <inheritdoc cref="AddStartupTask(ISiloBuilder, Func{IServiceProvider, CancellationToken, Task}, int)"/>
        public static ISiloBuilder AddStartupTask<TStartup>(this ISiloBuilder builder, int stage = ServiceLifecycleStage.Active)
            where TStartup : class, IStartupTask =>
            builder.AddStartupTask(
                static (services, token) => ActivatorUtilities.GetServiceOrCreateInstance<TStartup>(services).Execute(token), stage);
    }

    /// <summary>Filters of grain calls.</summary>
    public static class GrainCallFilterSiloBuilderExtensions
    {
        /// <summary>Adds a filter around calls that arrive.</summary>
        public static ISiloBuilder AddIncomingGrainCallFilter(this ISiloBuilder builder, IIncomingGrainCallFilter filter) =>
            builder.ConfigureServices(services => services.AddSingleton(filter));

        /// <summary>Adds a filter around calls that arrive.</summary>
        public static ISiloBuilder AddIncomingGrainCallFilter<TImplementation>(this ISiloBuilder builder)
            where TImplementation : class, IIncomingGrainCallFilter =>
            builder.ConfigureServices(services => services.AddSingleton<IIncomingGrainCallFilter, TImplementation>());

        /// <summary>Adds a filter around calls that arrive.</summary>
        public static ISiloBuilder AddIncomingGrainCallFilter(this ISiloBuilder builder, IncomingGrainCallFilterDelegate filter) =>
            builder.AddIncomingGrainCallFilter(new IncomingDelegate(filter));

        /// <summary>Adds a filter around calls that leave.</summary>
        public static ISiloBuilder AddOutgoingGrainCallFilter(this ISiloBuilder builder, IOutgoingGrainCallFilter filter) =>
            builder.ConfigureServices(services => services.AddSingleton(filter));

        /// <summary>Adds a filter around calls that leave.</summary>
        public static ISiloBuilder AddOutgoingGrainCallFilter<TImplementation>(this ISiloBuilder builder)
            where TImplementation : class, IOutgoingGrainCallFilter =>
            builder.ConfigureServices(services => services.AddSingleton<IOutgoingGrainCallFilter, TImplementation>());

        /// <summary>Adds a filter around calls that leave.</summary>
        public static ISiloBuilder AddOutgoingGrainCallFilter(this ISiloBuilder builder, OutgoingGrainCallFilterDelegate filter) =>
            builder.AddOutgoingGrainCallFilter(new OutgoingDelegate(filter));

        private sealed class IncomingDelegate(IncomingGrainCallFilterDelegate filter) : IIncomingGrainCallFilter
        {
            public Task Invoke(IIncomingGrainCallContext context) => filter(context);
        }

        private sealed class OutgoingDelegate(OutgoingGrainCallFilterDelegate filter) : IOutgoingGrainCallFilter
        {
            public Task Invoke(IOutgoingGrainCallContext context) => filter(context);
        }
    }
}
