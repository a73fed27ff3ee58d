using System.Text.Json;
using Commerce;
using Commerce.Orders;
using Commerce.Users;
using Loire.DeadLetters;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Inbox;
using Loire.Reactors;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Testing.Tests.Examples;

/// <summary>The examples of docs/reactors.md and docs/subscriptions.md.</summary>
public sealed class ReactorExamples
{
    private static readonly ViewSchema Totals = new("totals", Version: 1, []);

    [Fact]
    public async Task Whoever_registers_is_written_to()
    {
        var mail = new MailKept();
        await using var cluster = await LoireTestCluster.Start(loire =>
        {
            loire.AddCommerce();
            loire.Services.AddSingleton<IMailService>(mail);
            loire.AddReactor<WelcomeMail>();
        });

        await cluster.Accepted("user", "ada", new UserCommand.Register("Ada", "ada@example.org"));

        (await mail.Sent.WaitAsync(cluster.Limit)).ShouldBe("ada@example.org: Welcome");
    }

    [Fact]
    public void Each_has_a_failure_policy_of_its_own()
    {
        var loire = new LoireBuilder(new ServiceCollection());

        loire.AddProjection<OrdersView>(failures => failures.MaxAttempts = 20);
        loire.AddSaga<OrderFulfillmentGrain, OrderFulfillment>(failures => failures.Then = FailureAction.Stop);
        loire.AddReactor<WelcomeMail>(o => o.Failures = failures => failures.IsRetryable = e => e is not InvalidAddressException);

        // With a saga comes the view of all sagas.
        loire.Services.Count(s => s.ServiceType == typeof(SubscriptionDefinition)).ShouldBe(4);
    }

    [Fact]
    public async Task A_message_that_comes_twice_counts_once()
    {
        await using var cluster = await LoireTestCluster.Start(loire =>
        {
            loire.AddCommerce();
            loire.AddIdempotentConsumer("payment-webhook", o => o.Window = TimeSpan.FromDays(30));
        });
        await cluster.Views.Define(Totals, TestContext.Current.CancellationToken);
        var inbox = cluster.Services.GetRequiredService<IInbox>();

        (await Take(new Message("m-1", 5))).ShouldBeOfType<InboxResult.Handled>();
        (await Take(new Message("m-1", 5))).ShouldBeOfType<InboxResult.Repeated>().Answer.ShouldBe("5");
        (await Take(new Message("m-2", 2))).Answer.ShouldBe("7");

        async Task<InboxResult> Take(Message message)
        {
            var result = await inbox.Once("payment-webhook", message.Id, async cancellation =>
            {
                var total = await Read(cancellation) + message.Amount;
                return new InboxOutcome([new DocumentChange.Put(Totals, "all", Json(total))], Answer: $"{total}");
            });
            return result;
        }

        async Task<int> Read(CancellationToken cancellation) =>
            await cluster.Views.Find(Totals, "all", cancellation) is { } found ? JsonElement.Parse(found.Json.Span).GetProperty("total").GetInt32() : 0;

        static byte[] Json(int total) => JsonSerializer.SerializeToUtf8Bytes(new { total });
    }

    private sealed record Message(string Id, int Amount);

    private sealed class MailKept : IMailService
    {
        private readonly TaskCompletionSource<string> _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Sent => _sent.Task;

        public Task Send(string to, string subject, string key, CancellationToken cancellation)
        {
            _sent.TrySetResult($"{to}: {subject}");
            return Task.CompletedTask;
        }
    }
}

public interface IMailService
{
    Task Send(string to, string subject, string key, CancellationToken cancellation);
}

public sealed class InvalidAddressException(string message) : Exception(message);

public sealed class WelcomeMail : Reactor
{
    public WelcomeMail(IMailService mail)
        : base("welcome-mail") =>
        On<UserEvent.Registered>((e, delivery) => mail.Send(e.Email, "Welcome", key: delivery.Id, delivery.Cancellation));
}
