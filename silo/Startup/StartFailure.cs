using System.Net.Sockets;
using Loire.EventLog;
using Loire.EventLog.Sqlite;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Loire.Silo.Startup;

/// <summary>Tells mistakes in the set-up, which one line explains, from defects, which need a stack trace.</summary>
internal static class StartFailure
{
    /// <returns>One line for each reason, or <see langword="null"/> for a defect.</returns>
    public static IEnumerable<string>? Explain(Exception e) => e switch
    {
        SettingException or StoreInUseException or StoreFormatException or StoreAccessException or StoreUnavailableException =>
            [Line(e.Message)],
        OptionsValidationException invalid => invalid.Failures.Select(Line),
        AggregateException many => Explain(many.InnerExceptions[0]),
        IOException { InnerException: AddressInUseException } => [$"--urls: {Line(e.Message)}"],
        InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } => [$"--urls: {Line(e.Message.Split('\n')[0])}"],
        SocketException => [$"--urls: cannot listen there. {Line(e.Message)}"],
        UnauthorizedAccessException or IOException => [$"--data: {Line(e.Message)}"],
        _ => null,
    };

    private static string Line(string message) => message.ReplaceLineEndings(" ").Trim();
}
