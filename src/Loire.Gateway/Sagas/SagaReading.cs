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
    private const int DefaultLimit = 20;

    private static readonly string[] Statuses =
        [.. Enum.GetValues<SagaStatus>().Where(s => s != SagaStatus.None).Select(s => JsonNamingPolicy.CamelCase.ConvertName(s.ToString()))];

    public static async Task List(HttpContext http, ViewRegistry views, ViewReader reader, ViewWait wait)
    {
        var view = SagasOf(views);
        var parameters = new QueryParameters(http.Request);
        var query = new ViewQuery { Limit = parameters.Limit(DefaultLimit), Cursor = parameters.Text("cursor") };
        var after = parameters.Number("after", min: 0);
        query = query with
        {
            Conditions =
            [
                .. Equal(view, "sagaType", parameters.Text("type")),
                .. Equal(view, "status", parameters.OneOf("status", Statuses)),
            ],
        };
        parameters.Finish();

        await wait.For(http, view, after);
        await ViewJson.WritePage(http, await reader.Query(view, query, http.RequestAborted));
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

    /// <summary>The one saga that has an id.</summary>
    /// <exception cref="ProblemException">There is none, or there are several of different types.</exception>
    public static async Task<ViewDocument> Find(HttpContext http, ViewSchema view, ViewReader reader, string? type, string id)
    {
        var found = type is null
            ? await reader.FindBy(view, "sagaId", id, http.RequestAborted)
            : await reader.Find(view, $"{type}:{id}", http.RequestAborted) is { } one ? [one] : [];
        return found switch
        {
            [var saga] => saga,
            [] => throw new ProblemException(KnownProblems.SagaNotFound(id)),
            _ => throw new ProblemException("Sagas of several types have this id: say which with ?type=."),
        };
    }

    /// <exception cref="ProblemException">No saga is registered.</exception>
    public static ViewSchema SagasOf(ViewRegistry views) => views.TryGet(SagasView.Name, out var view)
        ? view
        : throw new ProblemException(KnownProblems.UnknownView(SagasView.Name, views.All.Select(v => v.Name)));

    private static IEnumerable<ViewCondition> Equal(ViewSchema view, string field, string? value) =>
        value is null ? [] : [new ViewCondition(view.Field(field)!, Comparison.Equal, value)];
}
