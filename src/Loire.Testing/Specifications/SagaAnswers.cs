using Loire.Aggregates;
using Loire.Sagas;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>What aggregates answer to the commands of a saga in a specification.</summary>
internal sealed class SagaAnswers : ISagaSender
{
    private readonly Dictionary<string, Rejection?> given = [];
    private readonly Dictionary<Type, Answer> standing = [];

    /// <summary>Commands of which nothing is said are accepted, instead of waited for.</summary>
    public bool AcceptsAllElse { get; set; }

    /// <summary>The command that the saga waits for an answer to.</summary>
    public (SagaCommand Command, string Purpose)? Awaited { get; private set; }

    /// <summary>What the saga has sent, in order; what it sends again is there once.</summary>
    public List<SagaCommand> Sent { get; } = [];

    public void Accept(Type command, IReadOnlyList<object> events) => standing[command] = new Answer(Rejection: null, events);

    public void Reject(Type command, Rejection rejection) => standing[command] = new Answer(rejection, []);

    /// <summary>Answers the command that is awaited.</summary>
    public void Give(Rejection? rejection, IReadOnlyList<object> events)
    {
        var (command, purpose) = Awaited!.Value;
        given[purpose] = Outcome(new Answer(rejection, events), command);
        Awaited = null;
    }

    /// <summary>Forgets the answer that was waited for: the saga goes another way.</summary>
    public void Abandon() => Awaited = null;

    /// <exception cref="AwaitsAnswer">Nothing is said of this command yet.</exception>
    public Task<Rejection?> Send(SagaCommand command, string purpose)
    {
        if (given.TryGetValue(purpose, out var known))
        {
            return Task.FromResult(known);
        }

        Sent.Add(command);
        if (standing.TryGetValue(command.Command.GetType(), out var answer))
        {
            return Task.FromResult(given[purpose] = Outcome(answer, command));
        }

        if (AcceptsAllElse || Undoes(purpose))
        {
            return Task.FromResult(given[purpose] = null);
        }

        Awaited = (command, purpose);
        throw new AwaitsAnswer();
    }

    public Task<bool> Withdraw(SagaCommand command, string purpose) =>
        Task.FromResult(given.TryGetValue(purpose, out var rejection) && rejection is null);

    // A saga that takes back what it has done goes on whatever the answer is.
    private static bool Undoes(string purpose) => !purpose.Contains("/do/", StringComparison.Ordinal);

    private static Rejection? Outcome(Answer answer, SagaCommand command) => answer.Rejection
        ?? (from e in answer.Events
            let type = e.GetType()
            where command.Failures.ContainsKey(type)
            select new Rejection(NestedTypes.NameOf(type), command.Failures[type])).FirstOrDefault();

    private sealed record Answer(Rejection? Rejection, IReadOnlyList<object> Events);

    /// <summary>The saga cannot go on without an answer.</summary>
    internal sealed class AwaitsAnswer : Exception;
}
