using System.Net;
using EndToEnd.Http;

namespace EndToEnd.Crash;

/// <summary>One client: sends one operation after the other, and sends what was not answered again when the silo is back.</summary>
internal sealed class LoadClient(Workload workload, Action<Acknowledgement> acknowledged)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>What was sent and not answered.</summary>
    public Operation? Pending { get; private set; }

    /// <summary>Works until the connection breaks.</summary>
    public async Task Run(Api api, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                Pending = workload.Next();
                await Finish(api);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // That is what a client sees of a crash. Pending holds what it has to ask about.
        }
    }

    /// <summary>Asks for what was not answered until it is.</summary>
    public async Task Finish(Api api)
    {
        while (Pending is { } operation)
        {
            if (await Send(api, operation) is { } answer)
            {
                Pending = null;
                acknowledged(answer);
            }
            else
            {
                await Task.Delay(Pause);
            }
        }
    }

    /// <returns><see langword="null"/> when it has to be sent again.</returns>
    public static async Task<Acknowledgement?> Send(Api api, Operation operation)
    {
        var answer = await api.Post(
            operation.Path, operation.Payload, "Idempotency-Key", $"\"{operation.Key}\"", "X-Correlation-Id", operation.Key);
        return answer.Status switch
        {
            HttpStatusCode.OK => Acknowledgement.Of(operation, answer.Json),
            HttpStatusCode.Conflict when answer["type"].GetString() == "urn:loire:problem:rejected" =>
                new Acknowledgement(operation, answer["code"].GetString(), []),
            HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => null,
            _ => throw new InvalidOperationException($"{operation.Path} was answered with {answer.Status}: {answer.Body}"),
        };
    }
}
