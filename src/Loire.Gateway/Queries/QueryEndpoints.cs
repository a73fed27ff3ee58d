using System.Text.Json;
using Loire.Gateway.Answers;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Gateway.Views;
using Loire.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.Queries;

internal static class QueryEndpoints
{
    public static void MapQueries(this RouteGroupBuilder api)
    {
        api.MapGet("/queries", List);
        api.MapGet("/queries/{query}", Ask);
    }

    private static Task List(HttpContext http, QueryRegistry queries)
    {
        new QueryParameters(http.Request).Finish();
        return JsonAnswer.WritePage(http, "items", queries.All, Write, _ => { });
    }

    private static async Task Ask(HttpContext http, QueryRegistry queries, ViewReader reader, ViewWait wait)
    {
        var name = http.Name("query");
        if (!queries.TryGet(name, out var definition))
        {
            throw new ProblemException(KnownProblems.UnknownQuery(name, queries.All.Select(q => q.Name)));
        }

        var parameters = new QueryParameters(http.Request);
        var after = parameters.Number(QueryParameterReader.After, min: 0);
        var (query, errors) = definition.Parameters.Read([.. parameters.Rest()]);
        parameters.Add(errors);
        parameters.Finish();

        await Task.WhenAll(definition.Views.Select(view => wait.For(http, view, after)));
        await (await definition.AnswerJson(query!, reader, http.RequestAborted) is { } answer
            ? JsonAnswer.WriteRaw(http, StatusCodes.Status200OK, answer)
            : KnownProblems.NothingFound(name).ExecuteAsync(http));
    }

    private static void Write(Utf8JsonWriter writer, QueryDefinition query)
    {
        writer.WriteStartObject();
        writer.WriteString("name", query.Name);
        writer.WriteStartArray("parameters");
        foreach (var parameter in query.Parameters.All)
        {
            writer.WriteStartObject();
            writer.WriteString("name", parameter.Name);
            writer.WriteString("kind", KindOf(Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type));
            writer.WriteBoolean("required", parameter.IsRequired);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("views");
        foreach (var view in query.Views)
        {
            writer.WriteStringValue(view.Name);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string KindOf(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => string.Join('|', Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)),
        TypeCode.Boolean => "boolean",
        TypeCode.String or TypeCode.Char => "text",
        _ when type.IsPrimitive || type == typeof(decimal) => "number",
        _ => JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name),
    };
}
