using Loire.Testing;

namespace Loire.Tests.DeadLetters;

/// <summary>Somebody who has stood still since before the first event does not know that his generation has been dropped since.</summary>
public sealed class DroppedGenerationTests
{
    [Fact]
    public async Task Nothing_is_set_aside_in_the_name_of_a_generation_that_is_gone()
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults);
        host.Trouble.With(13);
        var held = faults.Before(StoreOperationKind.CommitView, "deposits@1").Holds();
        await host.Open("a");
        await host.Deposit("a", 13);
        await held.Happened.WaitAsync(host.Cluster.Limit);

        await host.Cluster.Views.Drop(host.Cluster.SchemaOf("deposits"), TestContext.Current.CancellationToken);
        held.Release();

        await host.Until(host.Subscription.Status, status => status.LastError?.Contains("deposits@1") == true);
        (await host.All()).ShouldBeEmpty();
        (await host.Cluster.Views.Checkpoint("deposits@1", 0, TestContext.Current.CancellationToken)).ShouldBe(0);
    }
}
