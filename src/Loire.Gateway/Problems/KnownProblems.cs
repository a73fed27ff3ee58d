using Loire.Commands;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Loire.Gateway.Problems;

/// <summary>The problems that the gateway answers with. Their names are part of the API.</summary>
internal static class KnownProblems
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static Problem InvalidRequest(string detail, params IReadOnlyList<FieldError> errors) =>
        new(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid.", detail) { Errors = errors };

    public static Problem InvalidPayload(IReadOnlyList<FieldError> errors) => new(
        StatusCodes.Status400BadRequest,
        "invalid-payload",
        "The payload is not valid.",
        string.Join(' ', errors.Take(3).Select(e => e.Field.Length == 0 ? e.Message : $"{e.Field}: {e.Message}"))) { Errors = errors };

    public static Problem UnknownAggregate(string name, IEnumerable<string> known) =>
        NotFound("unknown-aggregate", "There is no such type of aggregate.", $"'{name}' is none of: {string.Join(", ", known)}.");

    public static Problem UnknownCommand(string aggregate, string name, IEnumerable<string> known) => NotFound(
        "unknown-command",
        "The aggregate has no such command.",
        $"'{name}' is no command of '{aggregate}'. It has: {string.Join(", ", known)}.");

    public static Problem UnknownView(string name, IEnumerable<string> known) =>
        NotFound("unknown-view", "There is no such view.", $"'{name}' is none of: {string.Join(", ", known)}.");

    public static Problem UnknownQuery(string name, IEnumerable<string> known) =>
        NotFound("unknown-query", "There is no such query.", $"'{name}' is none of: {string.Join(", ", known)}.");

    public static Problem NothingFound(string query) =>
        NotFound("nothing-found", "The query has no answer.", $"'{query}' found nothing with these parameters.");

    public static Problem UnknownSagaType(string name, IEnumerable<string> known) =>
        NotFound("unknown-saga-type", "There is no such type of saga.", $"'{name}' is none of: {string.Join(", ", known)}.");

    public static Problem UnknownSubscription(string name, IEnumerable<string> known) =>
        NotFound("unknown-subscription", "There is no such subscription.", $"'{name}' is none of: {string.Join(", ", known)}.");

    public static Problem NotAView(string subscription) => new(
        StatusCodes.Status409Conflict,
        "not-a-view",
        "The subscription has no documents.",
        $"'{subscription}' does not fill a view: what it has set off cannot be filled anew.");

    public static Problem NeverRebuilt(string view) =>
        NotFound("rebuild-not-found", "The view has not been rebuilt.", $"There was no rebuild of '{view}'.");

    public static Problem RebuildRefused(string view, string reason) =>
        new(StatusCodes.Status409Conflict, "rebuild-refused", "The rebuild cannot do that now.", $"'{view}': {reason}");

    public static Problem NeverAudited(string view) =>
        NotFound("audit-not-found", "The view has not been audited.", $"There was no audit of '{view}'.");

    public static Problem AuditRefused(string view, string reason) =>
        new(StatusCodes.Status409Conflict, "audit-refused", "The view cannot be audited now.", $"'{view}': {reason}");

    public static Problem AggregateNotFound(string aggregate, string id, string? when = null) => NotFound(
        "aggregate-not-found",
        "The aggregate does not exist.",
        when is null ? $"{aggregate} '{id}' has no events." : $"{aggregate} '{id}' had no events {when}.");

    public static Problem VersionNotFound(string aggregate, string id, long version) =>
        NotFound("version-not-found", "The aggregate has no such version.", $"{aggregate} '{id}' is at version {version}.") with
        {
            Extensions = w => w.WriteNumber("currentVersion", version),
        };

    public static Problem DocumentNotFound(string view, string id) =>
        NotFound("document-not-found", "The view has no such document.", $"The view '{view}' has nothing with the id '{id}'.");

    public static Problem SagaNotFound(string id) =>
        NotFound("saga-not-found", "There is no such saga.", $"No saga with the id '{id}' has been started.");

    public static Problem ProcessNotFound(string id) =>
        NotFound("process-not-found", "There is no such process.", $"No process with the id '{id}' has started.");

    public static Problem StepNotFound(string detail) => NotFound("step-not-found", "The saga has no such step.", detail);

    public static Problem SagaRefuses(string code, string detail) =>
        new(StatusCodes.Status409Conflict, code, "The saga is not where it could do that.", detail);

    public static Problem DeadLetterNotFound(string id) => NotFound(
        "dead-letter-not-found", "There is no such dead letter.", $"There is none with the id '{id}'; it may have been handled or deleted.");

    public static Problem AmendmentNotFound(string subscription, string position) => NotFound(
        "amendment-not-found", "Nothing was decided about the event.", $"Nothing that holds was decided about event {position} of '{subscription}'.");

    public static Problem DeadLetterState(string id, string detail) => new(
        StatusCodes.Status409Conflict, "dead-letter-state", "This cannot be done with the dead letter as it is.", $"{id}: {detail}");

    public static Problem TooLarge(long limit) => new(
        StatusCodes.Status413PayloadTooLarge, "too-large", "The body is too large.", $"At most {limit} bytes are accepted.");

    public static Problem NotJson(string? contentType) => new(
        StatusCodes.Status415UnsupportedMediaType,
        "not-json",
        "The body is not JSON.",
        $"Send application/json in UTF-8 without a content coding; this is {(string.IsNullOrEmpty(contentType) ? "not labelled" : contentType)}.");

    public static Problem TooManyRequests() => new(
        StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many commands are under way.") { RetryAfter = Soon };

    public static Problem StoreUnavailable(string detail, TimeSpan retryAfter) => new(
        StatusCodes.Status503ServiceUnavailable, "store-unavailable", "The store cannot answer now.", detail) { RetryAfter = retryAfter };

    public static Problem ViewBehind(string view, long position) => new(
        StatusCodes.Status503ServiceUnavailable,
        "view-behind",
        "The view has not caught up.",
        $"The view '{view}' did not reach position {position} in time.") { RetryAfter = Soon };

    public static Problem Internal() => new(
        StatusCodes.Status500InternalServerError,
        "internal-error",
        "The request could not be handled.",
        "The failure is in the log of the server, under the trace id.");

    /// <summary>What the web framework answers with a bare status.</summary>
    public static Problem OfStatus(int status, string? detail = null) => status switch
    {
        StatusCodes.Status404NotFound => NotFound("unknown-route", "There is nothing at this path.", detail),
        StatusCodes.Status405MethodNotAllowed => new(status, "method-not-allowed", "The path does not take this method.", detail),
        StatusCodes.Status413PayloadTooLarge => new(status, "too-large", "The body is too large.", detail),
        StatusCodes.Status400BadRequest => InvalidRequest(detail ?? "The request could not be read."),
        _ => new(status, $"http-{status}", ReasonPhrases.GetReasonPhrase(status), detail),
    };

    private static Problem NotFound(string name, string title, string? detail) =>
        new(StatusCodes.Status404NotFound, name, title, detail);
}
