using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>Which activation the code that runs now belongs to.</summary>
internal static class RuntimeContext
{
    /// <summary>The activation, or null outside of grains.</summary>
    public static IGrainContext? Current => (TaskScheduler.Current as ActivationScheduler)?.Activation;
}
