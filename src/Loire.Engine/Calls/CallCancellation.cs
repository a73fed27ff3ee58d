namespace Loire.Engine;

/// <summary>
/// The cancellation of one call. The caller is answered at once; the callee has a token of its own, which is cancelled in
/// one of its turns, so that what it has registered with the token never runs beside its other code.
/// </summary>
internal sealed class CallCancellation(GrainRequest request, CancellationToken caller)
{
    private readonly CancellationTokenSource _callee = new();
    private CancellationTokenRegistration _registration;

    /// <summary>The token that the callee gets.</summary>
    public CancellationToken Token => _callee.Token;

    public bool IsCancelled => caller.IsCancellationRequested;

    public void Watch() => _registration = caller.UnsafeRegister(static call => ((CallCancellation)call!).Cancel(), this);

    /// <summary>The reply is given. A token may live much longer than its calls, so they must not stay with it.</summary>
    public void Forget() => _registration.Unregister();

    private void Cancel()
    {
        request.TryFail(new OperationCanceledException(caller));
        CancelCallee();
    }

    /// <summary>Cancels the callee's token in one of its turns, if it has begun.</summary>
    public void CancelCallee()
    {
        if (request.Target is { } activation)
        {
            new Task(static callee => ((CancellationTokenSource)callee!).Cancel(), _callee).Start(activation.Scheduler);
        }
    }
}
