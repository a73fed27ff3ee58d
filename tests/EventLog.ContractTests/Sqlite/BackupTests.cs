using Loire.EventLog.Sqlite;

namespace Loire.EventLog.ContractTests.Sqlite;

/// <summary>The backup that docs/operations.md describes.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task A_backup_that_is_taken_while_writes_go_on_is_whole_and_can_be_opened()
    {
        await using var store = SqliteUnderTest.Create();
        var folder = Directory.CreateTempSubdirectory("loire-").FullName;

        var before = await BackupContract.TakenDuringWrites(
            store, () => Task.Run(() => BackUp(store.Options.File, Path.Combine(folder, SqliteStoreOptions.FileName))));

        await using (var restored = SqliteStore.Open(new SqliteStoreOptions { DataFolder = folder }))
        {
            await BackupContract.IsWhole(restored.Log, restored.Views, store.Log, before);
        }

        Directory.Delete(folder, recursive: true);
    }

    // As another process does it that opens the file for reading.
    private static void BackUp(string file, string copy)
    {
        using var connection = Connection.OpenReader(file);
        connection.Execute($"VACUUM INTO '{copy}'");
    }
}
