using System.Net.Sockets;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>What an error of the database means to somebody who waits.</summary>
internal abstract class Failure(Exception reason)
{
    /// <summary>Whether what was sent may have been committed all the same.</summary>
    public abstract bool LeavesDoubt { get; }

    /// <summary>Whether it makes sense to try the same again in a moment.</summary>
    public abstract bool MayPass { get; }

    /// <summary>The failure as the caller learns of it.</summary>
    public virtual Exception Told(string complaint, bool outcomeUnknown) =>
        new StoreUnavailableException($"{complaint} {reason.Message}", reason) { OutcomeUnknown = outcomeUnknown };

    /// <summary><see langword="null"/> for what is no error of the database.</summary>
    public static Failure? Of(Exception e) => e switch
    {
        // FATAL means that the session has ended: that may be after the commit and before its reply.
        PostgresException { InvariantSeverity: "ERROR", SqlState: not PostgresErrorCodes.QueryCanceled } error => OfStatement(error),
        NpgsqlException or SocketException or IOException or TimeoutException => new Lost(e),
        ObjectDisposedException => new Unable(new InvalidOperationException("The store is closed.", e)),
        _ => null,
    };

    private static Failure OfStatement(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable =>
            new Busy(error),
        // Connections, resources (a full disk is one), the operator, the system, damage, a standby that takes no writes.
        ['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..] or ['5', '8', ..] or ['X', 'X', ..] or "25006" => new Unable(error),
        // Nothing is wrong with the documents: they can be written when the other build is gone, or has been followed.
        ViewTable.OtherShape => new Unable(error),
        _ => new Refused(error),
    };

    /// <summary>No answer: the connection is gone, or it took too long.</summary>
    public sealed class Lost(Exception reason) : Failure(reason)
    {
        public bool TimedOut { get; } = reason is TimeoutException or { InnerException: TimeoutException }
            or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

        public override bool LeavesDoubt => true;

        public override bool MayPass => true;
    }

    /// <summary>Others were in the way.</summary>
    public sealed class Busy(Exception reason) : Failure(reason)
    {
        public override bool LeavesDoubt => false;

        public override bool MayPass => true;
    }

    /// <summary>The database as a whole cannot do it now.</summary>
    public sealed class Unable(Exception reason) : Failure(reason)
    {
        public override bool LeavesDoubt => false;

        public override bool MayPass => false;
    }

    /// <summary>What was asked for is wrong in itself.</summary>
    public sealed class Refused(PostgresException reason) : Failure(reason)
    {
        private readonly PostgresException _reason = reason;

        public string SqlState => _reason.SqlState;

        public override bool LeavesDoubt => false;

        public override bool MayPass => false;

        public override Exception Told(string complaint, bool outcomeUnknown) =>
            new InvalidOperationException($"The store refused the request. {_reason.MessageText}", _reason);
    }
}
