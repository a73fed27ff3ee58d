namespace Loire.EventLog;

/// <summary>Who and what led to an event.</summary>
/// <param name="UserId">Who issued the command.</param>
/// <param name="CorrelationId">Common to everything that one request set off.</param>
/// <param name="CausationId">The id of the command or event that led directly to this event.</param>
/// <param name="TraceParent">W3C trace context, <c>traceparent</c> header value.</param>
/// <param name="Tenant">The tenant on whose behalf the command was issued.</param>
public sealed record EventMetadata(
    string? UserId = null,
    string? CorrelationId = null,
    string? CausationId = null,
    string? TraceParent = null,
    string? Tenant = null)
{
    public static readonly EventMetadata None = new();
}
