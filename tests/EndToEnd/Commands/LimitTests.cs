using System.Net;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Commands;

public sealed class LimitTests
{
    private const string Ada = """{"name":"Ada","email":"a@example.org"}""";

    [Fact]
    public async Task The_largest_body_is_an_option()
    {
        using var data = new DataFolder();
        await using var silo = await SiloProcess.Start(data.Path, "--Gateway:MaxBodyBytes=100");
        using var api = new Api(silo.Address);

        (await api.Post("/api/user/1/register", Ada.PadRight(101))).ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
        (await api.Post("/api/user/1/register", Ada.PadRight(100))).Ok();
    }

    [Fact]
    public async Task Commands_beyond_those_that_may_be_under_way_are_told_to_come_later()
    {
        using var data = new DataFolder();
        await using var silo = await SiloProcess.Start(data.Path, "--Gateway:MaxCommandsInFlight=1");
        using var api = new Api(silo.Address);
        var slow = new HeldBody(Ada);
        var first = api.Send(Api.Request("/api/user/1/register", slow));

        var refused = await Until(() => api.Post("/api/user/2/no-such-command"), HttpStatusCode.TooManyRequests);
        refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too-many-requests").Headers.RetryAfter.ShouldNotBeNull();

        slow.Release();
        (await first).Ok();
        (await api.Post("/api/user/2/register", Ada)).Ok();
    }

    private static async Task<Answer> Until(Func<Task<Answer>> send, HttpStatusCode status)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var answer = await send();
        while (answer.Status != status)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience.Token);
            answer = await send();
        }

        return answer;
    }

    /// <summary>A body whose end comes when the test lets it.</summary>
    private sealed class HeldBody : HttpContent
    {
        private readonly byte[] _json;
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldBody(string json)
        {
            _json = System.Text.Encoding.UTF8.GetBytes(json);
            Headers.ContentType = new("application/json");
        }

        public void Release() => _release.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_json.AsMemory(0, 1));
            await stream.FlushAsync();
            await _release.Task;
            await stream.WriteAsync(_json.AsMemory(1));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _json.Length;
            return true;
        }
    }
}
