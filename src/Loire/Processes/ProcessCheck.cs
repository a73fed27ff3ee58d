using Loire.Serialization;
using Microsoft.Extensions.Hosting;

namespace Loire.Processes;

/// <summary>Does not let a silo start on a process whose definition is wrong.</summary>
internal sealed class ProcessCheck(IEnumerable<ProcessManager> processes, EventCatalog catalog) : IHostedService
{
    /// <exception cref="InvalidOperationException">There is one; the message names every mistake.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var mistakes = processes
            .SelectMany(p => ProcessDefinitionCheck.Find(p, catalog.IsRegistered).Select(mistake => $"{p.Type}: {mistake}"))
            .ToList();
        return mistakes.Count == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException($"Processes are defined wrongly. {string.Join(' ', mistakes)}");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
