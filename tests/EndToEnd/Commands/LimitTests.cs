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
        using var other = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(30) });
        var slow = new HeldBody(Ada);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(silo.Address, "/api/user/1/register")) { Content = slow };
        request.Headers.ExpectContinue = true;
        var first = other.SendAsync(request);
        await slow.Wanted.WaitAsync(TimeSpan.FromSeconds(30));

        (await api.Post("/api/user/2/register", Ada))
            .ShouldBeProblem(HttpStatusCode.TooManyRequests, "too-many-requests").Headers.RetryAfter.ShouldNotBeNull();

        slow.Release();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.Post("/api/user/2/register", Ada)).Ok();
    }

    /// <summary>A body that the client keeps back until the test lets it go, after the silo has asked for it.</summary>
    private sealed class HeldBody : HttpContent
    {
        private readonly byte[] _json;
        private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldBody(string json)
        {
            _json = System.Text.Encoding.UTF8.GetBytes(json);
            Headers.ContentType = new("application/json");
        }

        /// <summary>Completes when the command is under way: the silo has answered "100 Continue".</summary>
        public Task Wanted => _wanted.Task;

        public void Release() => _release.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _wanted.SetResult();
            await _release.Task;
            await stream.WriteAsync(_json);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _json.Length;
            return true;
        }
    }
}
