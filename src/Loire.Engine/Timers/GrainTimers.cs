using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>A timer of a grain. It ends with the activation.</summary>
    public interface IGrainTimer : IDisposable
    {
        /// <summary>Sets when it ticks next and how often after that.</summary>
        void Change(TimeSpan dueTime, TimeSpan period);
    }

    /// <summary>How a timer ticks.</summary>
    public readonly struct GrainTimerCreationOptions
    {
        public GrainTimerCreationOptions()
        {
        }

        [SetsRequiredMembers]
        public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        {
            DueTime = dueTime;
            Period = period;
        }

        /// <summary>The time until the first tick; infinite for none.</summary>
        public required TimeSpan DueTime { get; init; }

        /// <summary>The time from the end of a tick to the next; infinite for none.</summary>
        public required TimeSpan Period { get; init; }

        /// <summary>Whether ticks run although calls have not ended.</summary>
        public bool Interleave { get; init; }

        /// <summary>Whether ticks keep the grain from being idle.</summary>
        public bool KeepAlive { get; init; }
    }
}

namespace Orleans.Timers
{
    /// <summary>Makes timers of grains.</summary>
    public interface ITimerRegistry
    {
        /// <summary>Makes a timer.</summary>
        IGrainTimer RegisterGrainTimer<TState>(
            IGrainContext grainContext,
            Func<TState, CancellationToken, Task> callback,
            TState state,
            GrainTimerCreationOptions options);
    }
}
