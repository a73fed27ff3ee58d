using Loire.Projections;

namespace Commerce.Products;

/// <summary>The catalogue; its texts can be searched.</summary>
public sealed class ProductsView : Projection<ProductView>
{
    public ProductsView()
        : base("products")
    {
        On<ProductEvent.Created>((_, e, info) =>
            new ProductView(info.AggregateId, e.Name, e.Description, e.Price.Amount, e.Category, IsActive: true));
        On<ProductEvent.PriceChanged>((view, e, _) => view! with { Price = e.Price.Amount });
        On<ProductEvent.Discontinued>((view, _, _) => view! with { IsActive = false });
    }
}

public sealed record ProductView(
    string Id,
    [property: Searchable] string Name,
    [property: Searchable] string Description,
    decimal Price,
    [property: Searchable, Indexed] string Category,
    bool IsActive);
