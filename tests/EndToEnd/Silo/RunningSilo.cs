using EndToEnd.Http;
using EndToEnd.Silo;

[assembly: AssemblyFixture(typeof(RunningSilo))]

namespace EndToEnd.Silo;

/// <summary>One silo that all tests share which do not need one of their own; they keep apart by their ids.</summary>
public sealed class RunningSilo : IAsyncLifetime
{
    private readonly DataFolder _data = new();
    private SiloProcess _silo = null!;

    public Api Api { get; private set; } = null!;

    public SiloProcess Process => _silo;

    public string Data => _data.Path;

    public async ValueTask InitializeAsync()
    {
        _silo = await SiloProcess.Start(_data.Path);
        Api = new Api(_silo.Address);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _silo.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>An id that no other test uses.</summary>
    public static string Unique(string name) => $"{name}-{Guid.NewGuid():N}"[..20];
}
