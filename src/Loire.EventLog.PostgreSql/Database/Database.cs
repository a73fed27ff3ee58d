using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>The connections to the database, and the one place where its failures become ours.</summary>
internal sealed class Database : IAsyncDisposable
{
    /// <summary>Between two attempts.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private const int DefaultCancellation = 2000;

    private readonly NpgsqlDataSource _source;
    private readonly PostgreSqlStoreOptions _options;
    private readonly TimeProvider _time;

    public Database(PostgreSqlStoreOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        var settings = Settings(options);
        _source = NpgsqlDataSource.Create(settings);
        LongestWrite = options.ConnectTimeout + options.AppendTimeout
            + TimeSpan.FromMilliseconds(Math.Max(0, settings.CancellationTimeout));
    }

    /// <summary>One attempt at most: to connect, to be carried out, and to be cancelled when it was not.</summary>
    public TimeSpan LongestWrite { get; }

    public int AppendSeconds => Seconds(_options.AppendTimeout);

    public int MigrationSeconds => Seconds(_options.MigrationTimeout);

    public TimeSpan AppendTimeout => _options.AppendTimeout;

    public ValueTask<NpgsqlConnection> Connect(CancellationToken cancellation = default) => _source.OpenConnectionAsync(cancellation);

    /// <summary>Reads; once more when the connection turns out to be dead, as those in the pool are when the server has restarted.</summary>
    /// <exception cref="StoreUnavailableException">The database is out of reach, or took too long.</exception>
    public Task<T> Read<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation) =>
        Read("The store could not be read.", read, cancellation);

    /// <summary>As above, with what to say when it fails.</summary>
    public Task<T> Read<T>(string complaint, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation) =>
        Task.Run(() => ReadNow(complaint, read, cancellation), CancellationToken.None);

    /// <summary>Writes something that has its effect once, however often it is sent: again while nobody answers and there is time.</summary>
    /// <exception cref="StoreUnavailableException">It was not done, or nobody could find out.</exception>
    public Task<T> Write<T>(Func<NpgsqlConnection, Task<T>> write) => Task.Run(() => WriteNow(write));

    // Both on threads of the pool: if the scheduler of whoever asked goes, as that of a grain may, the connection still comes back.
    private async Task<T> ReadNow<T>(string complaint, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation)
    {
        for (var again = true; ; again = false)
        {
            try
            {
                await using var connection = await Connect(cancellation);
                return await read(connection);
            }
            catch (Exception e) when (again && Failure.Of(e) is Failure.Lost { TimedOut: false } lost)
            {
                // Once more, on a new connection.
                Forget(lost);
            }
            catch (Exception e) when (Failure.Of(e) is { } failure)
            {
                throw failure.Told(complaint, outcomeUnknown: false);
            }
        }
    }

    private async Task<T> WriteNow<T>(Func<NpgsqlConnection, Task<T>> write)
    {
        var started = _time.GetTimestamp();
        for (var doubt = false; ;)
        {
            var sent = false;
            try
            {
                await using var connection = await Connect();
                sent = true;
                return await write(connection);
            }
            catch (Exception e) when (Failure.Of(e) is { } failure)
            {
                doubt |= sent && failure.LeavesDoubt;
                if (!failure.MayPass || _time.GetElapsedTime(started) > _options.AppendTimeout)
                {
                    throw failure.Told("The store could not write.", doubt);
                }

                Forget(failure);
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>When one connection has failed, the idle ones are probably no better: they are closed.</summary>
    public void Forget(Failure failure)
    {
        if (failure is Failure.Lost { TimedOut: false } or Failure.Unable)
        {
            _source.Clear();
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static NpgsqlConnectionStringBuilder Settings(PostgreSqlStoreOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            MaxPoolSize = options.MaxConnections,
            MinPoolSize = 0,
            Timeout = Seconds(options.ConnectTimeout),
            CommandTimeout = Seconds(options.ReadTimeout),
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            // Nothing here changes the settings of a session.
            NoResetOnClose = true,
        };
        settings.ApplicationName ??= "loire";
        // 0 would mean to wait for ever until a statement that took too long has been cancelled.
        settings.CancellationTimeout = settings.CancellationTimeout == 0 ? DefaultCancellation : settings.CancellationTimeout;
        settings.Options = $"{settings.Options} {SessionSettings(options)}".Trim();
        return settings;
    }

    // Whatever the server is set to: each statement sees what was committed before it; one that we have given up ends soon;
    // one whose client has gone, or stands still, lets go of its locks. Reads here are short, and to start worker processes for one took 12 ms.
    private static string SessionSettings(PostgreSqlStoreOptions options) =>
        $"-c default_transaction_isolation=read\\ committed -c jit=off -c max_parallel_workers_per_gather=0 -c client_min_messages=warning "
        + $"-c lock_timeout={Milliseconds(options.AppendTimeout)} "
        + $"-c idle_in_transaction_session_timeout={Milliseconds(options.AppendTimeout)} "
        + "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    private static int Milliseconds(TimeSpan time) => (int)Math.Ceiling(time.TotalMilliseconds);
}
