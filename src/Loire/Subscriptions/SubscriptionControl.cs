using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Serialization;

namespace Loire.Subscriptions;

/// <summary>Whether somebody has told a partition of a subscription to pause: a document of a system view.</summary>
internal sealed record SubscriptionControl(bool Paused, DateTimeOffset Since)
{
    public static readonly ViewSchema Schema = new(SystemViews.SubscriptionControl, Version: 1, []);

    /// <returns><see langword="null"/> if nobody has said anything.</returns>
    public static async Task<SubscriptionControl?> Find(IViewStore store, string key, CancellationToken cancellation)
    {
        await store.Define(Schema, cancellation);
        return await store.Find(Schema, key, cancellation) is { } document
            ? JsonSerializer.Deserialize<SubscriptionControl>(document.Json.Span, LoireJson.Stored)
            : null;
    }

    public DocumentChange For(string key) =>
        new DocumentChange.Put(Schema, key, JsonSerializer.SerializeToUtf8Bytes(this, LoireJson.Stored));
}
