using System.Reflection;

namespace Loire.Engine;

/// <summary>Finds the assemblies with grains: those that are loaded, and all that these refer to.</summary>
internal static class GrainAssemblies
{
    public static IEnumerable<IGrainAssembly> Find()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var queue = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());
        while (queue.TryDequeue(out var assembly))
        {
            if (assembly.IsDynamic || assembly.FullName is not { } name || !seen.Add(name))
            {
                continue;
            }

            if (assembly.GetCustomAttribute<GrainAssemblyAttribute>() is { } grains)
            {
                yield return grains.Create();
            }

            foreach (var reference in assembly.GetReferencedAssemblies().Where(r => !IsOfTheFramework(r) && !seen.Contains(r.FullName)))
            {
                if (TryLoad(reference) is { } loaded)
                {
                    queue.Enqueue(loaded);
                }
            }
        }
    }

    private static bool IsOfTheFramework(AssemblyName name) =>
        name.Name is null or "netstandard" or "mscorlib"
        || name.Name.StartsWith("System.", StringComparison.Ordinal)
        || name.Name.StartsWith("Microsoft.", StringComparison.Ordinal);

    // What is referred to but not deployed cannot be called either.
    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
