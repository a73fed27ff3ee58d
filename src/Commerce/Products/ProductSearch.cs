using Commerce.Inventory;
using Commerce.Values;
using Loire.Commands;
using Loire.EventLog.Views;
using Loire.Queries;

namespace Commerce.Products;

/// <summary>Products that are on sale and hold some words, the cheapest first, with how many of each can be had.</summary>
/// <param name="Text">Words of name, description or category, or their beginnings.</param>
/// <param name="Category">Only those of this category.</param>
/// <param name="MaxPrice">Only those up to this price.</param>
/// <param name="Limit">1 to 50 products.</param>
/// <param name="Cursor"><c>next</c> of the page before.</param>
public sealed record ProductSearch(string Text, string? Category = null, Money? MaxPrice = null, int Limit = 20, string? Cursor = null)
    : IQuery<Page<ProductOffer>>, IValidated
{
    public void Validate(Validation validation)
    {
        validation.Text(Text, maxLength: 500);
        validation.Require(Limit is >= 1 and <= 50, "limit", "A whole number from 1 to 50 is needed.");
    }
}

/// <param name="Id">The product.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description.</param>
/// <param name="Price">Its price.</param>
/// <param name="Category">Its category.</param>
/// <param name="Available">Pieces that can be had.</param>
public sealed record ProductOffer(string Id, string Name, string Description, decimal Price, string Category, long Available);

public sealed class ProductSearchHandler : IQueryHandler<ProductSearch, Page<ProductOffer>>
{
    public IReadOnlyList<Type> Reads { get; } = [typeof(ProductView), typeof(StockView)];

    public async Task<Page<ProductOffer>?> Answer(ProductSearch query, IViews views, CancellationToken cancellation)
    {
        var page = await views.Query<ProductView>(products =>
        {
            var found = products.Search(query.Text).Where(nameof(ProductView.IsActive), true);
            found = query.Category is { } category ? found.Where(nameof(ProductView.Category), category) : found;
            found = query.MaxPrice is { } price ? found.Where(nameof(ProductView.Price), Comparison.LessOrEqual, price.Amount) : found;
            return found.OrderBy(nameof(ProductView.Price)).Page(query.Limit, query.Cursor);
        });
        List<ProductOffer> offers = [];
        foreach (var product in page.Items)
        {
            var stock = await views.Find<StockView>(product.Id);
            offers.Add(new ProductOffer(
                product.Id, product.Name, product.Description, product.Price, product.Category, stock?.Available ?? 0));
        }

        return new Page<ProductOffer>(offers, page.Total, page.Next, page.Position);
    }
}
