using Loire.Aggregates;
using Loire.Sagas;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>What aggregates answer to the commands of a saga in a specification.</summary>
internal sealed class SagaAnswers : ISagaSender
{
    private readonly Dictionary<string, CommandFailure?> _given = [];
    private readonly Dictionary<Type, Answer> _standing = [];
    private readonly List<(SagaCommand Command, string Purpose)> _awaited = [];

    /// <summary>Commands of which nothing is said are accepted, instead of waited for.</summary>
    public bool AcceptsAllElse { get; set; }

    /// <summary>The command that the saga waits for an answer to; of several, the first.</summary>
    public SagaCommand? Awaited => _awaited.Count == 0 ? null : _awaited[0].Command;

    /// <summary>What the saga has sent, in order; what it sends again is there once.</summary>
    public List<SagaCommand> Sent { get; } = [];

    public void Accept(Type command, IReadOnlyList<object> events) => _standing[command] = new Answer(Rejection: null, events);

    public void Reject(Type command, Rejection rejection) => _standing[command] = new Answer(rejection, []);

    /// <summary>Whether a command of a step is awaited.</summary>
    public bool Awaits(string step) => _awaited.Exists(a => IsOf(a.Purpose, step));

    /// <summary>Answers the command that is awaited; of a certain step, if there are several.</summary>
    public void Give(Rejection? rejection, IReadOnlyList<object> events, string? step = null)
    {
        var index = step is null ? 0 : _awaited.FindIndex(a => IsOf(a.Purpose, step));
        var (command, purpose) = _awaited[index];
        _given[purpose] = Outcome(new Answer(rejection, events), command);
        _awaited.RemoveAt(index);
    }

    /// <summary>Forgets the answers that were waited for: the saga goes another way.</summary>
    public void Abandon() => _awaited.Clear();

    /// <exception cref="AwaitsAnswer">Nothing is said of this command yet.</exception>
    public Task<CommandFailure?> Send(SagaCommand command, string purpose)
    {
        if (_given.TryGetValue(purpose, out var known))
        {
            return Task.FromResult(known);
        }

        Sent.Add(command);
        if (_standing.TryGetValue(command.Command.GetType(), out var answer))
        {
            return Task.FromResult(_given[purpose] = Outcome(answer, command));
        }

        if (AcceptsAllElse || Undoes(purpose))
        {
            return Task.FromResult(_given[purpose] = null);
        }

        _awaited.Add((command, purpose));
        throw new AwaitsAnswer();
    }

    public Task<bool> Withdraw(SagaCommand command, string purpose) =>
        Task.FromResult(_given.TryGetValue(purpose, out var failure) && failure is null);

    private static bool IsOf(string purpose, string step) => purpose.StartsWith($"{step}/", StringComparison.Ordinal);

    // A saga that takes back what it has done goes on whatever the answer is.
    private static bool Undoes(string purpose) => !purpose.Contains("/do/", StringComparison.Ordinal);

    private static CommandFailure? Outcome(Answer answer, SagaCommand command) => answer.Rejection is { } rejection
        ? new CommandFailure(rejection.Code, rejection.Detail)
        : (from e in answer.Events
           let type = e.GetType()
           where command.Failures.ContainsKey(type)
           select new CommandFailure(NestedTypes.NameOf(type), command.Failures[type], WasAccepted: true)).FirstOrDefault();

    private sealed record Answer(Rejection? Rejection, IReadOnlyList<object> Events);

    /// <summary>The saga cannot go on without an answer.</summary>
    internal sealed class AwaitsAnswer : Exception;
}
