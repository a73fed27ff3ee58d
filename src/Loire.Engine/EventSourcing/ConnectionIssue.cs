using Orleans.Runtime;

namespace Orleans.EventSourcing
{
    /// <summary>Trouble with the store of a log.</summary>
    [GenerateSerializer]
    public abstract class ConnectionIssue
    {
        /// <summary>When it was seen last.</summary>
        [Id(0)]
        public DateTime TimeStamp { get; set; }

        /// <summary>When it began.</summary>
        [Id(1)]
        public DateTime TimeOfFirstFailure { get; set; }

        /// <summary>How often in a row it was seen.</summary>
        [Id(2)]
        public int NumberOfConsecutiveFailures { get; set; }

        /// <summary>The time until the next attempt.</summary>
        [Id(3)]
        public TimeSpan RetryDelay { get; set; }

        /// <summary>The time until the next attempt, given the one before.</summary>
        public abstract TimeSpan ComputeRetryDelay(TimeSpan? previous);
    }

    /// <summary>Is told of trouble with the store of a log.</summary>
    public interface IConnectionIssueListener
    {
        /// <summary>There is trouble.</summary>
        void OnConnectionIssue(ConnectionIssue connectionIssue);

        /// <summary>The trouble is over.</summary>
        void OnConnectionIssueResolved(ConnectionIssue connectionIssue);
    }

    /// <summary>The store of a log cannot be reached.</summary>
    public sealed class ProtocolTransportException : OrleansException
    {
        public ProtocolTransportException()
        {
        }

        public ProtocolTransportException(string msg)
            : base(msg)
        {
        }

        public ProtocolTransportException(string msg, Exception exc)
            : base(msg, exc)
        {
        }
    }
}

namespace Orleans.EventSourcing.Common
{
    /// <summary>An operation of the store failed.</summary>
    [GenerateSerializer]
    public abstract class PrimaryOperationFailed : ConnectionIssue
    {
        /// <summary>The failure.</summary>
        [Id(0)]
        public required Exception Exception { get; set; }

        /// <summary>Doubles from 1 millisecond to 10 seconds.</summary>
        public override TimeSpan ComputeRetryDelay(TimeSpan? previous)
        {
            var next = previous is { } before ? before * 2 : TimeSpan.FromMilliseconds(1);
            return next < TimeSpan.FromSeconds(10) ? next : TimeSpan.FromSeconds(10);
        }
    }
}
