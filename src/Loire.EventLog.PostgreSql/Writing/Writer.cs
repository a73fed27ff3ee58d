using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>
/// Sends what waits, one batch at a time over one connection; while a batch is on its way, the next one gathers. A batch is
/// one statement and one commit.
/// </summary>
internal sealed class Writer(
    WriteQueue<AppendItem> queue, Database database, HeadSignal head, PostgreSqlStoreOptions options, TimeProvider time)
{
    private NpgsqlConnection? _connection;
    private Task _running = Task.CompletedTask;

    /// <summary>Completes when the queue is closed and what was in it has been carried out.</summary>
    public Task Stopped => _running;

    public void Start() => _running = Task.Run(Run);

    private async Task Run()
    {
        List<AppendItem> batch = [];
        while (await queue.TakeAsync(batch))
        {
            try
            {
                await CarryOut(batch);
            }
            catch (Exception e)
            {
                // A defect: whoever waits is told (who was told before is not told again), and the writer goes on afresh.
                await Discard();
                batch.ForEach(item => item.Fail(new StoreUnavailableException("The writer failed.", e) { OutcomeUnknown = true }));
            }

            batch.Clear();
        }

        await Discard();
    }

    /// <summary>
    /// Sends a batch until somebody says what became of it, or time is up. To send it again does no harm: what was appended
    /// already is found by the ids of its events, and an earlier attempt that is still on its way then meets a conflict.
    /// </summary>
    private async Task CarryOut(List<AppendItem> batch)
    {
        var waiting = batch.ToList();
        while (waiting.Count > 0)
        {
            try
            {
                await Attempt(waiting);
                return;
            }
            catch (Exception e) when (Failure.Of(e) is Failure.Refused refused)
            {
                await CarryOutAlone(waiting, refused);
                return;
            }
            catch (Exception e) when (Failure.Of(e) is { } failure)
            {
                await Discard();
                database.Forget(failure);
                GiveUp(waiting, failure);
            }

            if (waiting.Count > 0)
            {
                await Task.Delay(Database.Pause);
            }
        }
    }

    private async Task Attempt(List<AppendItem> batch)
    {
        _connection ??= await database.Connect();
        await using var command = new AppendBatch(batch).Command(_connection, time.GetUtcNow(), database.AppendSeconds);
        var results = new List<AppendResult>(batch.Count);
        try
        {
            await options.Faults.BeforeSending();
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                results.Add(batch[results.Count].Read(rows));
            }

            // Only after the last result has it been committed.
            await rows.NextResultAsync();
            await options.Faults.AfterCommit();
        }
        catch (Exception e) when (Failure.Of(e) is { LeavesDoubt: true })
        {
            batch.ForEach(item => item.InDoubt = true);
            throw;
        }

        head.Raise(results.OfType<AppendResult.Appended>().Select(result => result.Receipt.Position).DefaultIfEmpty().Max());
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Complete(results[i]);
        }
    }

    // One of them is at fault; the others must not suffer for it.
    private async Task CarryOutAlone(List<AppendItem> batch, Failure.Refused refused)
    {
        if (batch.Count == 1)
        {
            batch[0].Fail(refused.Told("", outcomeUnknown: false));
            return;
        }

        foreach (var item in batch)
        {
            await CarryOut([item]);
        }
    }

    // Who is in doubt waits on for an answer as long as there is time; when the database itself says no, the others need not.
    private void GiveUp(List<AppendItem> waiting, Failure failure) => waiting.RemoveAll(item =>
    {
        var goesOn = (failure.MayPass || item.InDoubt) && time.GetElapsedTime(item.QueuedAt) <= options.AppendTimeout;
        if (!goesOn)
        {
            item.Fail(failure.Told("The store could not write.", item.InDoubt));
        }

        return !goesOn;
    });

    private async Task Discard()
    {
        if (_connection is { } broken)
        {
            _connection = null;
            await broken.DisposeAsync();
        }
    }
}
