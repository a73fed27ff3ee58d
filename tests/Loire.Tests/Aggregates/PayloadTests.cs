using System.Text;
using Loire.Aggregates;
using Loire.Commands;

namespace Loire.Tests.Aggregates;

/// <summary>Payloads that are no commands.</summary>
public sealed class PayloadTests : AccountTests
{
    [Fact]
    public async Task Everything_that_is_wrong_with_a_payload_is_named()
    {
        var grain = Loire.Grains.GetGrain<IAggregateGrain>(GrainId.Create("order", "o-1"));
        var payload = """{"customerId":null,"items":[{"productId":"p","quantity":0,"price":-1},{"quantity":1.5,"price":"x"}],"extra":1}""";

        var result = await grain.Execute(new CommandMessage("place", Encoding.UTF8.GetBytes(payload), Headers()));

        result.ShouldBeOfType<CommandResult.Invalid>().Errors.Select(e => e.Field).ShouldBe(
            [
                "customerId", "items[0].quantity", "items[0].price", "items[1].quantity", "items[1].price", "items[1].productId",
                "extra", "paymentMethod",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"amount\":1,\"amount\":2}")]
    [InlineData("{\"amount\":1e400}")]
    [InlineData("{\"amount\":0.001}")]
    [InlineData("\"text\"")]
    [InlineData("")]
    public async Task A_payload_that_is_no_command_is_invalid(string payload)
    {
        await Open(100);
        var grain = Loire.Grains.GetGrain<IAggregateGrain>(GrainId.Create("account", "a-1"));

        (await grain.Execute(new CommandMessage("deposit", Encoding.UTF8.GetBytes(payload), Headers())))
            .ShouldBeOfType<CommandResult.Invalid>().Errors.ShouldNotBeEmpty();
        (await Balance()).ShouldBe(100);
    }

    private static CommandHeaders Headers() => new() { CommandId = Guid.NewGuid(), IssuedAt = TimeProvider.System.GetUtcNow() };
}
