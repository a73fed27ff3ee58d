using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Queries;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.Inbox;

/// <summary>That a consumer has handled a message: a document of a system view.</summary>
internal sealed record InboxRecord(string Consumer, string MessageId, DateTimeOffset HandledAt, DateTimeOffset? ExpiresAt, string? Answer)
{
    public static readonly ViewSchema Schema = new(
        SystemViews.Inbox,
        Version: 1,
        [
            new ViewField("consumer", ViewFieldKind.Text),
            new ViewField("handledAt", ViewFieldKind.Time),
            new ViewField("expiresAt", ViewFieldKind.Time, Indexed: true),
        ]);

    private const int MaxIdLength = 200;

    public DocumentChange Put() =>
        new DocumentChange.Put(Schema, IdOf(Consumer, MessageId), JsonSerializer.SerializeToUtf8Bytes(this, LoireJson.Stored));

    public static InboxRecord Read(ViewDocument document) => JsonSerializer.Deserialize<InboxRecord>(document.Json.Span, LoireJson.Stored)!;

    /// <summary>Readable where it fits. A digest cannot be mistaken for an id, for it stands behind two slashes.</summary>
    public static string IdOf(string consumer, string messageId) => messageId.Length <= MaxIdLength && !messageId.StartsWith('/')
        ? $"{consumer}/{messageId}"
        : $"{consumer}//{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)))}";

    /// <summary>Those of a consumer that have expired, the oldest first.</summary>
    public static ViewQuery Expired(string consumer, DateTimeOffset now, int limit) => new()
    {
        Conditions =
        [
            new ViewCondition(Schema.Field("expiresAt")!, Comparison.LessOrEqual, QueryText.Text(now)),
            new ViewCondition(Schema.Field("consumer")!, Comparison.Equal, consumer),
        ],
        Sort = Schema.Field("expiresAt"),
        Limit = limit,
        CountTotal = false,
    };
}
