using System.Globalization;

namespace Loire.EventLog.Sqlite;

/// <summary>
/// Keeps every other store away from the file for as long as it lives: a lock of the operating system on
/// <c>loire.db.lock</c>, which ends with the process however it ends. <c>loire.db.owner</c> says who holds it.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream _held;

    private StoreLock(FileStream held) => _held = held;

    /// <exception cref="StoreInUseException">Somebody else holds it.</exception>
    public static StoreLock Take(string file)
    {
        try
        {
            var taken = new FileStream($"{file}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            NameOwner(file);
            return new StoreLock(taken);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new StoreInUseException(
                $"'{file}' is in use by {Owner(file)}: only one process at a time may open it.", e);
        }
    }

    public void Dispose() => _held.Dispose();

    private static string OwnerFile(string file) => $"{file}.owner";

    private static void NameOwner(string file)
    {
        try
        {
            File.WriteAllText(OwnerFile(file), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // A full disk, say: the lock is what counts, the name is a courtesy to whoever comes second.
            File.Delete(OwnerFile(file));
        }
    }

    private static string Owner(string file)
    {
        try
        {
            return $"process {File.ReadAllText(OwnerFile(file))}";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
