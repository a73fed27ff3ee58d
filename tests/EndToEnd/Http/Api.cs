using System.Text;

namespace EndToEnd.Http;

/// <summary>The HTTP API, as a client sees it.</summary>
public sealed class Api(Uri address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public Uri Address { get; } = address;

    public Task<Answer> Get(string path) => Send(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Sends JSON; headers as name and value by turns.</summary>
    public Task<Answer> Post(string path, string? json = null, params string[] headers) =>
        Send(Request(path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), headers));

    public static HttpRequestMessage Request(string path, HttpContent? body, params string[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        foreach (var header in headers.Chunk(2))
        {
            request.Headers.TryAddWithoutValidation(header[0], header[1]).ShouldBeTrue();
        }

        return request;
    }

    public async Task<Answer> Send(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _client.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            return new Answer(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, body);
        }
    }

    /// <summary>Asks until the answer is as it should be, for a limited time.</summary>
    public async Task<Answer> Until(string path, Func<Answer, bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await Get(path);
            if (holds(answer))
            {
                return answer;
            }

            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"{path} stayed at {answer.Body}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>The last position of the log.</summary>
    public async Task<long> Head() => (await Get("/api/events?limit=1")).Ok()["head"].GetInt64();

    /// <summary>A document of a view that has seen everything that is in the log now.</summary>
    public async Task<Answer> View(string path) => await Get($"/api/views/{path}{(path.Contains('?') ? '&' : '?')}after={await Head()}");

    /// <summary>A saga, when it has ended.</summary>
    public Task<Answer> EndedSaga(string id) => Until($"/api/sagas/{id}", a =>
        a.Status == System.Net.HttpStatusCode.OK && a["status"].GetString() is "completed" or "failed");

    public void Dispose() => _client.Dispose();
}
