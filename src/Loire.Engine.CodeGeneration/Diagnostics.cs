using Microsoft.CodeAnalysis;

namespace Loire.Engine.CodeGeneration;

/// <summary>What cannot be a grain.</summary>
internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor NotAsynchronous = Error(
        "LOIRE001",
        "A member of a grain interface is not asynchronous",
        "{0} cannot be called from elsewhere: grain interfaces have methods that return Task, Task<T>, ValueTask or ValueTask<T>");

    public static readonly DiagnosticDescriptor Generic = Error(
        "LOIRE002", "Generic grains are not supported", "{0} is generic, which the embedded engine does not support");

    public static readonly DiagnosticDescriptor Unreachable = Error(
        "LOIRE003", "A grain type is hidden", "{0} is private or protected; generated code has to be able to name it");

    public static readonly DiagnosticDescriptor ByReference = Error(
        "LOIRE004", "A parameter is passed by reference", "{0} has a parameter that is passed by reference");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Loire", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
