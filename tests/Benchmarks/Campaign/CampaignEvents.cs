using System.Globalization;
using System.Text;
using Loire.EventLog;

namespace Loire.Benchmarks.Campaign;

/// <summary>The deposits that a campaign writes: which ones there are is known beforehand, so that one can tell what views must hold.</summary>
internal sealed class CampaignEvents
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly HashSet<int> _poison = [];
    private readonly CampaignOptions _options;

    public CampaignEvents(CampaignOptions options)
    {
        _options = options;
        var random = new Random(options.Seed);
        while (_poison.Count < options.Poison)
        {
            _poison.Add(random.Next(options.Streams * CampaignOptions.EventsPerStream));
        }
    }

    public static string IdOf(int stream) => string.Create(CultureInfo.InvariantCulture, $"a-{stream}");

    /// <summary>The group that an account counts in.</summary>
    public static string GroupOf(string account) => $"g-{int.Parse(account.AsSpan(2), CultureInfo.InvariantCulture) % 1000}";

    /// <summary>How many accounts have an event that nobody can handle: such a one holds back those after it, whatever they are.</summary>
    public int PoisonedStreams => _poison.Select(n => n / CampaignOptions.EventsPerStream).Distinct().Count();

    /// <summary>What an account gets with the event at a version.</summary>
    public decimal AmountAt(int stream, int version) =>
        _poison.Contains((stream * CampaignOptions.EventsPerStream) + version - 1) ? Trouble.Poison : 1 + (((stream * 7) + version) % 9);

    /// <summary>Writes everything, in turn over all streams, ten events of one at a time.</summary>
    public async Task Write(IEventLog log, CancellationToken cancellation)
    {
        const int each = 10;
        for (var version = 0; version < CampaignOptions.EventsPerStream; version += each)
        {
            var from = version;
            await Parallel.ForAsync(
                0, _options.Streams, new ParallelOptions { MaxDegreeOfParallelism = 128, CancellationToken = cancellation }, async (stream, _) =>
                    await Append(log, stream, from, [.. Enumerable.Range(from + 1, each).Select(v => At(stream, v))]));
        }
    }

    // While a database recovers it takes nothing, and may not know any more what it took.
    private static async Task Append(IEventLog log, int stream, int version, NewEvent[] events)
    {
        var request = new AppendRequest(new StreamName("account", IdOf(stream)), version, events);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await log.Append(request) is AppendResult.Appended)
                {
                    return;
                }

                throw new InvalidOperationException($"The stream {request.Stream} is not as it should be.");
            }
            catch (StoreUnavailableException) when (attempt < 100)
            {
                await Task.Delay(100);
            }
        }
    }

    private NewEvent At(int stream, int version)
    {
        var id = Guid.CreateVersion7();
        var data = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"amount\":{AmountAt(stream, version):0.00}}}"));
        return new NewEvent(id, "account.deposited", 1, Noon, data, new EventMetadata(CorrelationId: id.ToString("N")));
    }
}
