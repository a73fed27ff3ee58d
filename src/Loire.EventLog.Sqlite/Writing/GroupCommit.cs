namespace Loire.EventLog.Sqlite;

/// <summary>Carries out a batch in one transaction and tells every item what became of it.</summary>
internal sealed class GroupCommit(WriterSession session)
{
    public void CarryOut(IReadOnlyList<WriteItem> batch)
    {
        var committing = false;
        try
        {
            session.Begin();
            foreach (var item in batch)
            {
                item.Carry(session);
            }

            committing = true;
            session.Commit();
            Complete(batch);
        }
        catch (SqliteError e) when (e.StoreFailed)
        {
            session.Discard();
            Answer(batch, committing ? Happened(batch, e) : false, e);
        }
        catch (Exception e) when (!committing)
        {
            session.Discard();
            CarryOutAlone(batch, e);
        }
    }

    // One of them is at fault; the others must not suffer for it.
    private void CarryOutAlone(IReadOnlyList<WriteItem> batch, Exception reason)
    {
        if (batch.Count == 1)
        {
            batch[0].Fail(new InvalidOperationException($"The store refused the request. {reason.Message}", reason));
            return;
        }

        foreach (var item in batch)
        {
            CarryOut([item]);
        }
    }

    /// <summary>Asks the file itself whether a commit that failed is there; <see langword="null"/> when it does not answer.</summary>
    private bool? Happened(IReadOnlyList<WriteItem> batch, SqliteError error)
    {
        try
        {
            if (error.LeavesDoubt)
            {
                session.Fence();
            }

            return batch.Select(item => item.IsOnDisk(session.Connection)).FirstOrDefault(answer => answer is not null) ?? true;
        }
        catch (SqliteError)
        {
            // Reported to the callers, as "unknown", together with the error that came first.
            session.Discard();
            return null;
        }
    }

    private static void Answer(IReadOnlyList<WriteItem> batch, bool? happened, SqliteError error)
    {
        if (happened == true)
        {
            Complete(batch);
            return;
        }

        foreach (var item in batch)
        {
            item.Fail(new StoreUnavailableException($"The store could not write. {error.Message}", error)
            {
                OutcomeUnknown = happened is null,
            });
        }
    }

    private static void Complete(IReadOnlyList<WriteItem> batch)
    {
        foreach (var item in batch)
        {
            item.Complete();
        }
    }
}
