namespace Loire.Testing;

/// <summary>What a test cluster says to the embedded engine. The project file takes this file or its counterpart.</summary>
internal static class TestEngine
{
    public static ISiloBuilder UseTestEngine(this ISiloBuilder silo) => silo;
}
