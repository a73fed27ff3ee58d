using Commerce.Payments.Processing;
using Loire.Sagas;

namespace Loire.Simulation.Checks;

/// <summary>Payments whose provider answers as it likes are settled or given back, and no timer changes a step that is done.</summary>
internal static class PaymentChecks
{
    public static IEnumerable<string> Run(Facts facts) =>
        from stream in facts.Streams
        where stream.Aggregate == PaymentProcessing.Name
        from violation in Run(facts, stream.Id)
        select $"payment {stream.Id}: {violation}";

    private static IEnumerable<string> Run(Facts facts, string id)
    {
        var events = facts.Of(PaymentProcessing.Name, id).Select(e => (SagaEvent)e.Event).ToList();
        var state = events.Aggregate(new SagaState(), (s, e) => s.Apply(e));
        var card = facts.Of("card-payment", id).Select(e => e.Event).ToList();
        var asked = card.OfType<CardPaymentEvent.Asked>().ToList();
        var voided = card.OfType<CardPaymentEvent.Voided>().Count();

        if (!state.OpenWork.IsEmpty)
        {
            yield return $"work was left open: {string.Join(", ", state.OpenWork)}";
        }

        foreach (var step in events.OfType<SagaEvent.StepCompleted>().GroupBy(e => e.Step).Where(g => g.Count() > 1))
        {
            yield return $"the step {step.Key} was completed {step.Count()} times";
        }

        foreach (var failed in events.OfType<SagaEvent.StepFailed>())
        {
            if (events.TakeWhile(e => !ReferenceEquals(e, failed)).OfType<SagaEvent.StepCompleted>().Any(e => e.Step == failed.Step))
            {
                yield return $"the step {failed.Step} failed ({failed.Code}) after it was completed";
            }
        }

        foreach (var run in asked.GroupBy(a => (a.Operation, a.Run)).Where(g => g.Count() > 1))
        {
            yield return $"the provider was asked {run.Count()} times for {run.Key}";
        }

        if (state.Status == SagaStatus.Completed && (voided > 0 || asked.Select(a => a.Operation).Distinct().Count() != 3))
        {
            yield return $"it is completed, was asked for {asked.Count} times and given back {voided} times";
        }

        if (state.Status == SagaStatus.Failed && voided != (asked.Count > 0 ? 1 : 0))
        {
            yield return $"it has failed, was asked for {asked.Count} times and given back {voided} times";
        }
    }
}
