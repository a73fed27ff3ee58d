namespace Loire.Engine;

/// <summary>A call of a method that returns a <see cref="Task{TResult}"/>.</summary>
public abstract class TaskRequest<T> : TaskReply<T>
{
    /// <summary>Calls the method.</summary>
    protected abstract Task<T> Call(object grain);

    internal override async ValueTask<object?> CallBoxed(object grain) => await Call(grain);

    private protected override Task? Begin(object grain)
    {
        var call = Call(grain);
        if (!call.IsCompletedSuccessfully)
        {
            return call;
        }

        Succeed(call);
        return null;
    }

    private protected override void Succeed(Task call) => Succeed(((Task<T>)call).GetAwaiter().GetResult());
}

/// <summary>A call of a method that returns a <see cref="Task"/>.</summary>
public abstract class TaskRequest : TaskReply<Nothing>
{
    /// <summary>Calls the method.</summary>
    protected abstract Task Call(object grain);

    internal override async ValueTask<object?> CallBoxed(object grain)
    {
        await Call(grain);
        return null;
    }

    internal override void Succeed(object? result) => Succeed(default(Nothing));

    private protected override Task? Begin(object grain)
    {
        var call = Call(grain);
        if (!call.IsCompletedSuccessfully)
        {
            return call;
        }

        Succeed(default(Nothing));
        return null;
    }

    private protected override void Succeed(Task call) => Succeed(default(Nothing));
}

/// <summary>A call of a method that returns a <see cref="ValueTask{TResult}"/>.</summary>
public abstract class ValueTaskRequest<T> : ValueTaskReply<T>
{
    /// <summary>Calls the method.</summary>
    protected abstract ValueTask<T> Call(object grain);

    internal override async ValueTask<object?> CallBoxed(object grain) => await Call(grain);

    private protected override Task? Begin(object grain)
    {
        var call = Call(grain);
        if (!call.IsCompletedSuccessfully)
        {
            return call.AsTask();
        }

        Succeed(call.GetAwaiter().GetResult());
        return null;
    }

    private protected override void Succeed(Task call) => Succeed(((Task<T>)call).GetAwaiter().GetResult());
}

/// <summary>A call of a method that returns a <see cref="ValueTask"/>.</summary>
public abstract class ValueTaskRequest : ValueTaskReply<Nothing>
{
    /// <summary>Calls the method.</summary>
    protected abstract ValueTask Call(object grain);

    internal override async ValueTask<object?> CallBoxed(object grain)
    {
        await Call(grain);
        return null;
    }

    internal override void Succeed(object? result) => Succeed(default(Nothing));

    private protected override Task? Begin(object grain)
    {
        var call = Call(grain);
        if (!call.IsCompletedSuccessfully)
        {
            return call.AsTask();
        }

        call.GetAwaiter().GetResult();
        Succeed(default(Nothing));
        return null;
    }

    private protected override void Succeed(Task call) => Succeed(default(Nothing));
}
