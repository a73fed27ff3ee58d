namespace Orleans
{
    /// <summary>Takes part in a start and a stop.</summary>
    public interface ILifecycleObserver
    {
        /// <summary>Runs at the start.</summary>
        Task OnStart(CancellationToken cancellationToken = default);

        /// <summary>Runs at the stop.</summary>
        Task OnStop(CancellationToken cancellationToken = default);
    }

    /// <summary>A start and a stop in stages.</summary>
    public interface ILifecycleObservable
    {
        /// <summary>Takes part at a stage. Stages start in ascending order and stop in descending order.</summary>
        IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer);
    }

    /// <summary>Something that takes part in a lifecycle.</summary>
    public interface ILifecycleParticipant<in TLifecycleObservable>
        where TLifecycleObservable : ILifecycleObservable
    {
        /// <summary>Subscribes to the stages.</summary>
        void Participate(TLifecycleObservable lifecycle);
    }

    /// <summary>Subscribes with delegates.</summary>
    public static class LifecycleExtensions
    {
        /// <summary>Takes part at a stage.</summary>
        public static IDisposable Subscribe(
            this ILifecycleObservable observable,
            string observerName,
            int stage,
            Func<CancellationToken, Task> onStart,
            Func<CancellationToken, Task>? onStop = null) =>
            observable.Subscribe(observerName, stage, new Observer(onStart, onStop));

        private sealed class Observer(Func<CancellationToken, Task> start, Func<CancellationToken, Task>? stop) : ILifecycleObserver
        {
            public Task OnStart(CancellationToken cancellationToken = default) => start(cancellationToken);

            public Task OnStop(CancellationToken cancellationToken = default) => stop?.Invoke(cancellationToken) ?? Task.CompletedTask;
        }
    }

    /// <summary>Stages of the start of a host.</summary>
    public static class ServiceLifecycleStage
    {
        public const int First = int.MinValue;
        public const int RuntimeInitialize = 2000;
        public const int RuntimeServices = 4000;
        public const int RuntimeStorageServices = 6000;
        public const int RuntimeGrainServices = 8000;
        public const int ApplicationServices = 10000;
        public const int BecomeActive = Active - 1;
        public const int Active = 20000;
        public const int Last = int.MaxValue;
    }
}

namespace Orleans.Runtime
{
    /// <summary>The activation and deactivation of a grain.</summary>
    public interface IGrainLifecycle : ILifecycleObservable;

    /// <summary>Stages of an activation.</summary>
    public static class GrainLifecycleStage
    {
        public const int First = int.MinValue;
        public const int SetupState = 1000;
        public const int Activate = 2000;
        public const int Last = int.MaxValue;
    }
}
