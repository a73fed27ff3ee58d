using Loire.EventLog.PostgreSql;
using Loire.EventLog.Sqlite;

namespace Loire.Silo.Startup;

/// <summary>Reads options from the configuration: the command line, the environment, <c>appsettings.json</c>.</summary>
internal sealed class Settings(IConfiguration configuration)
{
    public const string DefaultData = "./data";

    /// <summary>The database that <see cref="AddStore"/> has added; <see langword="null"/> when the store is a file.</summary>
    public PostgreSqlStoreOptions? Database { get; private set; }

    /// <summary>Adds the store that <c>--store</c> names.</summary>
    /// <exception cref="SettingException">A value is out of its range, or there is no such key.</exception>
    public void AddStore(IServiceCollection services)
    {
        try
        {
            Add(services, configuration["store"] ?? "sqlite");
        }
        catch (ArgumentException e)
        {
            throw new SettingException($"Store:{e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal)}", e);
        }
    }

    /// <summary>Binds a section to options; reading it here finds mistakes before anything is started.</summary>
    /// <exception cref="SettingException">A value does not fit its key, or there is no such key.</exception>
    public void Bind<T>(IServiceCollection services, string section)
        where T : class, new()
    {
        Read(section, new T());
        services.AddOptions<T>().Bind(configuration.GetSection(section), Strict);
    }

    /// <summary>As <see cref="Bind"/>, for options that each aggregate type has its own of: what the code says of one of them afterwards counts more.</summary>
    /// <exception cref="SettingException">A value does not fit its key, or there is no such key.</exception>
    public void BindAll<T>(IServiceCollection services, string section)
        where T : class, new()
    {
        Read(section, new T());
        services.ConfigureAll<T>(options => configuration.GetSection(section).Bind(options, Strict));
    }

    /// <summary>How this silo finds the others.</summary>
    /// <exception cref="SettingException">A value cannot be used, or there is no such key.</exception>
    public ClusterSettings Cluster()
    {
        var settings = Read(ClusterSettings.Section, new ClusterSettings());
        settings.Check();
        return settings;
    }

    /// <summary>Sees that nobody asks for a cluster where there cannot be one.</summary>
    /// <param name="needs">What a cluster needs.</param>
    /// <exception cref="SettingException">Somebody does.</exception>
    public void RefuseCluster(string needs)
    {
        if (configuration.GetSection(ClusterSettings.Section).GetChildren().FirstOrDefault() is { } option)
        {
            throw new SettingException($"{CommandLine.OptionOf(option.Path)} needs {needs}.");
        }
    }

    private void Add(IServiceCollection services, string store)
    {
        switch (store)
        {
            case "sqlite":
                var folder = DataFolder();
                var options = Read("Store", new SqliteStoreOptions { DataFolder = folder });
                services.AddSqliteStore(options with { DataFolder = Path.GetFullPath(folder) });
                break;
            case "postgresql":
                Database = Read("Store", new PostgreSqlStoreOptions { ConnectionString = "" });
                services.AddPostgreSqlStore(Database);
                break;
            default:
                throw new SettingException($"--store is sqlite or postgresql, not '{store}'.");
        }
    }

    private string DataFolder()
    {
        var folder = configuration["data"] ?? DefaultData;
        if (string.IsNullOrWhiteSpace(folder))
        {
            throw new SettingException("--data must name a folder.");
        }

        return configuration["Store:DataFolder"] is null
            ? folder
            : throw new SettingException("Store:DataFolder is called --data here.");
    }

    private T Read<T>(string section, T options)
        where T : class
    {
        try
        {
            configuration.GetSection(section).Bind(options, Strict);
            return options;
        }
        catch (InvalidOperationException e) when (e.Message.Contains(nameof(BinderOptions.ErrorOnUnknownConfiguration), StringComparison.Ordinal))
        {
            throw new SettingException($"{section} has no key {e.Message[(e.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]}.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new SettingException($"{section}: {e.Message}", e);
        }
    }

    private static void Strict(BinderOptions options) => options.ErrorOnUnknownConfiguration = true;
}

/// <summary>An option cannot be used; the message names its key.</summary>
internal sealed class SettingException(string message, Exception? inner = null) : Exception(message, inner);
