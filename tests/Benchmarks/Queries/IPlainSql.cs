namespace Loire.Benchmarks.Queries;

/// <summary>The same reads as plain SQL on the same tables, each client with a connection of its own.</summary>
internal interface IPlainSql : IAsyncDisposable
{
    Task Find(int client, string id);

    /// <summary>The dearest 20 of a category, and how many there are.</summary>
    Task Category(int client, string category);

    /// <summary>The cheapest 20 of all on sale, and how many there are.</summary>
    Task Active(int client);

    /// <summary>20 with words that begin so, and how many there are.</summary>
    Task Search(int client, string[] words);

    /// <summary>The same as pieces of text, as it was done before there was full text.</summary>
    Task Like(int client, string[] words);
}
