using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Gateway.Answers;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Gateway.Views;
using Loire.Processes;
using Loire.Queries;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Processes;

/// <summary><c>GET /api/processes</c> and <c>GET /api/processes/{id}</c>.</summary>
internal static class ProcessReading
{
    private const int DefaultLimit = 20;

    private static readonly string[] Statuses =
        [.. Enum.GetValues<ProcessStatus>().Where(s => s != ProcessStatus.None).Select(s => JsonNamingPolicy.CamelCase.ConvertName(s.ToString()))];

    public static async Task List(HttpContext http, ViewRegistry views, ViewReader reader, ViewWait wait)
    {
        var view = ProcessesOf(views);
        var parameters = new QueryParameters(http.Request);
        var query = new ViewQuery
        {
            Limit = parameters.Limit(DefaultLimit),
            Cursor = parameters.Text("cursor"),
            Conditions =
            [
                .. Equal(view, "processType", parameters.Text("type")),
                .. Equal(view, "state", parameters.Text("state")),
                .. Equal(view, "status", parameters.OneOf("status", Statuses)),
                .. Equal(view, "correlationId", parameters.Text("correlationId")),
            ],
        };
        var after = parameters.Number("after", min: 0);
        parameters.Finish();

        await wait.For(http, view, after);
        await ViewJson.WritePage(http, await reader.Query(view, query, http.RequestAborted));
    }

    public static async Task Get(HttpContext http, ViewRegistry views, ViewReader reader, ViewWait wait)
    {
        var view = ProcessesOf(views);
        var id = http.Id();
        var parameters = new QueryParameters(http.Request);
        var type = parameters.Text("type");
        var after = parameters.Number("after", min: 0);
        parameters.Finish();

        await wait.For(http, view, after);
        var found = await reader.Query(
            view,
            new ViewQuery
            {
                Limit = 2,
                CountTotal = false,
                Conditions = [.. Equal(view, "processId", id), .. Equal(view, "processType", type)],
            },
            http.RequestAborted);
        await JsonAnswer.WriteRaw(http, StatusCodes.Status200OK, found.Items switch
        {
            [var process] => process.Json,
            [] => throw new ProblemException(KnownProblems.ProcessNotFound(id)),
            _ => throw new ProblemException("Processes of several types have this id: say which with ?type=."),
        });
    }

    /// <exception cref="ProblemException">No process is registered.</exception>
    private static ViewSchema ProcessesOf(ViewRegistry views) => views.TryGet(ProcessesView.Name, out var view)
        ? view
        : throw new ProblemException(KnownProblems.UnknownView(ProcessesView.Name, views.All.Select(v => v.Name)));

    private static IEnumerable<ViewCondition> Equal(ViewSchema view, string field, string? value) =>
        value is null ? [] : [new ViewCondition(view.Field(field)!, Comparison.Equal, value)];
}
