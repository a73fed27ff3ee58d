using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Gateway.Answers;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Gateway.Views;
using Loire.Queries;
using Loire.Sagas;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Sagas;

/// <summary><c>GET /api/sagas</c> and <c>GET /api/sagas/{id}</c>.</summary>
internal static class SagaReading
{
    public static readonly string[] Statuses =
        [.. Enum.GetValues<SagaStatus>().Where(s => s != SagaStatus.None).Select(s => JsonNamingPolicy.CamelCase.ConvertName(s.ToString()))];

    public static async Task List(HttpContext http, ViewRegistry views, ViewReader reader, ViewWait wait, TimeProvider time)
    {
        var view = SagasOf(views);
        var parameters = new QueryParameters(http.Request);
        var after = parameters.Number("after", min: 0);
        IEnumerable<ViewCondition> shorthands =
        [
            .. Condition(view, "sagaType", Comparison.Equal, parameters.Text("type")),
            .. Condition(view, "status", Comparison.Equal, parameters.OneOf("status", Statuses)),
            .. Condition(view, "createdAt", Comparison.Less, parameters.Age("olderThan") is { } age ? QueryText.Text(time.GetUtcNow() - age) : null),
        ];
        var (query, errors) = QueryText.Parse(view, parameters.Rest());
        parameters.Add(errors);
        parameters.Finish();

        await wait.For(http, view, after);
        await ViewJson.WritePage(
            http, await reader.Query(view, query with { Conditions = [.. shorthands, .. query.Conditions] }, http.RequestAborted));
    }

    public static async Task Get(HttpContext http, ViewRegistry views, ViewReader reader, ViewWait wait)
    {
        var view = SagasOf(views);
        var id = http.Id();
        var parameters = new QueryParameters(http.Request);
        var type = parameters.Text("type");
        var after = parameters.Number("after", min: 0);
        parameters.Finish();

        await wait.For(http, view, after);
        await JsonAnswer.WriteRaw(http, StatusCodes.Status200OK, (await Find(http, view, reader, type, id)).Json);
    }

    /// <exception cref="ProblemException">No saga is registered.</exception>
    public static ViewSchema SagasOf(ViewRegistry views) => views.TryGet(SagasView.Name, out var view)
        ? view
        : throw new ProblemException(KnownProblems.UnknownView(SagasView.Name, views.All.Select(v => v.Name)));

    private static async Task<ViewDocument> Find(HttpContext http, ViewSchema view, ViewReader reader, string? type, string id)
    {
        var found = type is null
            ? await reader.FindBy(view, "sagaId", id, http.RequestAborted)
            : await reader.Find(view, SagasView.IdOf(type, id), http.RequestAborted) is { } one ? [one] : [];
        return found switch
        {
            [var saga] => saga,
            [] => throw new ProblemException(KnownProblems.SagaNotFound(id)),
            _ => throw new ProblemException("Sagas of several types have this id: say which with ?type=."),
        };
    }

    private static IEnumerable<ViewCondition> Condition(ViewSchema view, string field, Comparison comparison, string? value) =>
        value is null ? [] : [new ViewCondition(view.Field(field)!, comparison, value)];
}
