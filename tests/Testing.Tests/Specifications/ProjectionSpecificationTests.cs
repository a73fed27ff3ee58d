using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Products;
using Commerce.Users;
using Commerce.Values;
using Loire.Projections;

namespace Loire.Testing.Tests.Specifications;

public sealed class ProjectionSpecificationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly OrderItem Lamp = new("lamp", Quantity.Of(2), Money.Of(10));

    [Fact]
    public void Events_make_a_document() => Specify.Projection(new InventoryView())
        .Given("lamp", new InventoryEvent.StockReceived(Quantity.Of(10)))
        .When("lamp", new InventoryEvent.Reserved("o-1", Quantity.Of(3)))
        .ThenDocument("lamp", new StockView("lamp", Available: 7, Reserved: 3));

    [Fact]
    public void Events_of_several_aggregates_make_one_document() => Specify.Projection(new OrdersView())
        .Given("ada", new UserEvent.Registered("Ada", "ada@example.org"))
        .Given("lamp", new ProductEvent.Created("Lamp", "", Money.Of(10), "light"))
        .When("o-1", new OrderEvent.Placed("ada", [Lamp], Money.Of(20), "card", Noon), new OrderEvent.Confirmed())
        .ThenDocument("o-1", new OrderView(
            "o-1", "ada", "Ada", [new OrderViewItem("lamp", "Lamp", 2, 10)], 20, "card", OrderStatus.Confirmed, CancelReason: null, Noon))
        .ThenDocuments("o-1");

    [Fact]
    public void A_document_can_be_deleted() => Specify.Projection(new Shelf())
        .Given("a", new ShelfEvent.Put("jam"), new ShelfEvent.Taken())
        .Given("b", new ShelfEvent.Put("salt"))
        .ThenNoDocument("a")
        .ThenDocuments("b");

    [Fact]
    public void When_and_by_whom_can_be_said() => Specify.Projection(new Shelf())
        .At(Noon).With(new Loire.EventLog.EventMetadata(UserId: "ada"))
        .When("a", new ShelfEvent.Put("jam"))
        .ThenDocument("a", new ShelfView("jam", "ada", Noon, 1));

    [Fact]
    public void Events_that_it_does_not_take_change_nothing() => Specify.Projection(new InventoryView())
        .When("o-1", new OrderEvent.Confirmed())
        .ThenDocuments();

    [Fact]
    public void Another_document_fails_and_the_member_is_named() => Failing.MessageOf(() => Specify.Projection(new InventoryView())
        .When("lamp", new InventoryEvent.StockReceived(Quantity.Of(10)))
        .ThenDocument("lamp", new StockView("lamp", Available: 9, Reserved: 0))).ShouldBe(
        """
        The document is not the one that was expected.
        when
          inventory/lamp: stock-received {"quantity":10}
        expected
          lamp {"id":"lamp","available":9,"reserved":0}
        got
          lamp {"id":"lamp","available":10,"reserved":0}
        difference
          lamp, available: expected 9, got 10
        """);

    [Fact]
    public void A_document_that_is_missing_or_should_be_fails()
    {
        var one = Specify.Projection(new InventoryView()).When("lamp", new InventoryEvent.StockReceived(Quantity.Of(10)));

        Failing.MessageOf(() => one.ThenDocument("chair", new StockView("chair", 1, 0)))
            .ShouldEndWith("chair: there is no such document");
        Failing.MessageOf(() => one.ThenNoDocument("lamp")).ShouldStartWith("There is a document that should not be there.");
        Failing.MessageOf(() => one.ThenDocuments()).ShouldStartWith("The documents are not those that were expected.");
    }

    [Fact]
    public void A_projection_that_throws_is_reported()
    {
        var failure = Should.Throw<SpecificationException>(() => Specify.Projection(new Shelf())
            .When("a", new ShelfEvent.Taken()).ThenDocuments());

        failure.Message.ShouldBe("The projection threw InvalidOperationException: There is nothing on it.");
        failure.InnerException.ShouldBeOfType<InvalidOperationException>();
    }

    [Fact]
    public void A_projection_that_remembers_what_is_not_in_its_documents_is_reported() => Failing.MessageOf(() => Specify
        .Projection(new ForgetfulShelf())
        .When("a", new ShelfEvent.Put("jam"), new ShelfEvent.Put("salt"))
        .ThenDocuments("a")).ShouldStartWith("The documents depend on how the events are put into batches.");

    [Fact]
    public void A_projection_that_waits_for_something_outside_is_reported() => Failing.MessageOf(() => Specify
        .Projection(new WaitingShelf())
        .When("a", new ShelfEvent.Put("jam"))
        .ThenDocuments("a")).ShouldBe("The projection waits for something that is not one of its documents.");
}

public abstract record ShelfEvent
{
    public sealed record Put(string What) : ShelfEvent;

    public sealed record Taken : ShelfEvent;
}

public sealed record ShelfView(string What, string? By, DateTimeOffset At, long Version);

internal sealed class Shelf : Projection<ShelfView>
{
    public Shelf()
        : base("shelf")
    {
        On<ShelfEvent.Put>((_, e, info) => new ShelfView(e.What, info.Metadata.UserId, info.OccurredAt, info.Version));
        On<ShelfEvent.Taken>((view, _, _) => view is null ? throw new InvalidOperationException("There is nothing on it.") : (ShelfView?)null);
    }
}

/// <summary>Counts in a field, which is gone after a restart, and not within its session.</summary>
internal sealed class ForgetfulShelf : Projection<ShelfView>
{
    private ViewSession? _last;
    private int _count;

    public ForgetfulShelf()
        : base("forgetful-shelf") =>
        On<ShelfEvent.Put>((session, e, info) =>
        {
            _count = ReferenceEquals(session, _last) ? _count + 1 : 1;
            _last = session;
            session.Put(Documents, info.AggregateId, new ShelfView(e.What, null, info.OccurredAt, _count));
            return Task.CompletedTask;
        });
}

internal sealed class WaitingShelf : Projection<ShelfView>
{
    public WaitingShelf()
        : base("waiting-shelf") =>
        On<ShelfEvent.Put>((_, _, _) => new TaskCompletionSource().Task);
}
