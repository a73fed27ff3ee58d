using Commerce.Values;
using Loire.Aggregates;
using Loire.Commands;

namespace Commerce.Products;

public abstract record ProductCommand
{
    public sealed record Create(string Name, string Description, Money Price, string Category) : ProductCommand, IValidated
    {
        public void Validate(Validation validation)
        {
            validation.Text(Name, 200);
            validation.Require(Description.Length <= 10_000, "description", "Text of at most 10000 characters is needed.");
            validation.Text(Category, 200);
        }
    }

    public sealed record ChangePrice(Money Price) : ProductCommand;

    public sealed record Discontinue : ProductCommand;
}

public abstract record ProductEvent
{
    public sealed record Created(string Name, string Description, Money Price, string Category) : ProductEvent;

    public sealed record PriceChanged(Money Price, Money PreviousPrice) : ProductEvent;

    public sealed record Discontinued : ProductEvent;
}

/// <summary>Something that can be ordered.</summary>
public sealed record Product(
    string? Name = null, string? Description = null, Money Price = default, string? Category = null, bool IsActive = false)
{
    internal bool Exists => Name is not null;
}

public sealed class ProductDecider : IDecider<ProductCommand, Product, ProductEvent>
{
    public Product Initial { get; } = new();

    public Decision<ProductEvent> Decide(ProductCommand command, Product state, CommandContext context) => (command, state) switch
    {
        (ProductCommand.Create create, { Exists: false }) =>
            new ProductEvent.Created(create.Name, create.Description, create.Price, create.Category),
        (ProductCommand.Create, _) => new Rejection("already-created", "The product exists already."),
        (_, { Exists: false }) => new Rejection("not-created", "The product does not exist."),
        (_, { IsActive: false }) => new Rejection("discontinued", "The product is discontinued."),
        (ProductCommand.ChangePrice change, _) => change.Price == state.Price
            ? Array.Empty<ProductEvent>()
            : new ProductEvent.PriceChanged(change.Price, state.Price),
        (ProductCommand.Discontinue, _) => new ProductEvent.Discontinued(),
        _ => throw new NotSupportedException($"No command of a product: {command}"),
    };

    public Product Evolve(Product state, ProductEvent @event) => @event switch
    {
        ProductEvent.Created created => new Product(created.Name, created.Description, created.Price, created.Category, IsActive: true),
        ProductEvent.PriceChanged changed => state with { Price = changed.Price },
        ProductEvent.Discontinued => state with { IsActive = false },
        _ => throw new NotSupportedException($"No event of a product: {@event}"),
    };
}

[GrainType("product")]
public sealed class ProductGrain : AggregateGrain<ProductCommand, Product, ProductEvent>;
