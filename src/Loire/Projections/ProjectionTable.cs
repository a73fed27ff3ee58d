using Loire.EventLog.Views;

namespace Loire.Projections;

internal enum TableUse
{
    /// <summary>The view that the projection is named after.</summary>
    Main,

    /// <summary>A further view.</summary>
    Output,

    /// <summary>Nobody reads it but the projection.</summary>
    Lookup,
}

/// <summary>Documents that a projection writes.</summary>
/// <param name="Schema">As the code declares them; in the store they live in a generation.</param>
/// <param name="Use">What for.</param>
internal sealed record ProjectionTable(ViewSchema Schema, TableUse Use);
