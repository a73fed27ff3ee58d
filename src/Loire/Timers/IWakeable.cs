namespace Loire.Timers;

/// <summary>
/// An instance that waits for times. Its type and key are what <see cref="WakeUpSource.Target"/> makes of its document.
/// </summary>
[Alias("loire.wakeable")]
public interface IWakeable : IGrainWithStringKey
{
    /// <summary>
    /// Tells an instance that something may be due. It looks at its own state and at the clock; what it finds not to be due
    /// stays as it is, so a call at any other time, or one more, is harmless. It answers within seconds.
    /// </summary>
    [Alias("wake")]
    Task Wake();
}
