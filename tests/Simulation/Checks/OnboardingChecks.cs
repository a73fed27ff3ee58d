using System.Text.Json;
using Commerce.Accounts;
using Commerce.Users;
using Commerce.Values;
using Loire.Sagas;
using Loire.Serialization;
using Loire.Simulation.Workload;

namespace Loire.Simulation.Checks;

/// <summary>Whoever has joined has an account with the gift in it; whoever has not, or has left, has neither.</summary>
internal static class OnboardingChecks
{
    private static readonly string[] Reasons = ["already-registered", "not-verified"];

    public static IEnumerable<string> Run(Facts facts) =>
        from stream in facts.Streams
        where stream.Aggregate == UserOnboarding.Name
        from violation in Run(facts, stream.Id)
        select $"newcomer {stream.Id}: {violation}";

    private static IEnumerable<string> Run(Facts facts, string id)
    {
        var events = facts.Of(UserOnboarding.Name, id).Select(e => (SagaEvent)e.Event).ToList();
        var end = events.Aggregate(new SagaState(), (state, e) => state.Apply(e));
        var context = end.Context.Deserialize<UserOnboarding.Context>(LoireJson.Stored)!;
        var joined = end.Status == SagaStatus.Completed;
        var account = facts.Of("account", context.AccountId).Select(e => (AccountEvent)e.Event).Aggregate(new Account(), new AccountDecider().Evolve);
        var user = facts.Of("user", context.UserId).Select(e => (UserEvent)e.Event).Aggregate(new User(), new UserDecider().Evolve);

        if (!end.OpenWork.IsEmpty || end.Status is not (SagaStatus.Completed or SagaStatus.Failed))
        {
            yield return $"it is {end.Status}, and has the open work {string.Join(", ", end.OpenWork)}";
        }

        if (account.IsActive != joined || account.Balance != (joined ? context.Gift : Money.Zero))
        {
            yield return $"it is {end.Status}, and the account is {account}";
        }

        if (user.IsActive != joined && context.UserId.StartsWith(Newcomers.Prefix, StringComparison.Ordinal))
        {
            yield return $"it is {end.Status}, and the user is {user}";
        }

        foreach (var failed in events.OfType<SagaEvent.StepFailed>().Where(e => !Reasons.Contains(e.Code)))
        {
            yield return $"the step {failed.Step} failed for no reason of the domain: {failed.Code}";
        }

        foreach (var step in events.OfType<SagaEvent.StepCompleted>().GroupBy(e => e.Step).Where(g => g.Count() > 1))
        {
            yield return $"the step {step.Key} was completed {step.Count()} times";
        }
    }
}
