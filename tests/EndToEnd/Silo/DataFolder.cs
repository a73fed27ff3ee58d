namespace EndToEnd.Silo;

/// <summary>A folder that is gone when the test is.</summary>
public sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("loire-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
