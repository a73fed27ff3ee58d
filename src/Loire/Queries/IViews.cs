namespace Loire.Queries;

/// <summary>Reads documents of views as what their projections write.</summary>
public interface IViews
{
    /// <summary>One document; <see langword="null"/> if there is none.</summary>
    /// <exception cref="InvalidOperationException">The handler has not declared that it reads them.</exception>
    Task<TView?> Find<TView>(string id)
        where TView : class;

    /// <summary>A page of documents, e.g. <c>views.Query&lt;OrderView&gt;(o => o.Where(nameof(OrderView.CustomerId), id).Page(20))</c>.</summary>
    /// <exception cref="InvalidOperationException">The handler has not declared that it reads them.</exception>
    /// <exception cref="ArgumentException">A member is not declared or of another kind, or a limit is out of range.</exception>
    /// <exception cref="EventLog.Views.InvalidCursorException">The cursor belongs to another query.</exception>
    Task<Page<TView>> Query<TView>(Func<ViewSelection<TView>, ViewSelection<TView>> select)
        where TView : class;
}

/// <summary>A page of documents.</summary>
/// <param name="Items">The documents.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Next">Cursor of the next page; <see langword="null"/> on the last.</param>
/// <param name="Position">How far the view had come when it was read.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, long Total, string? Next, long Position);
