using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Loire.Testing;
using Xunit.v3;

[assembly: Loire.Tests.LateFailures]

namespace Loire.Tests;

/// <summary>
/// Lets a test fail of a cluster that does not end, beside what it has failed with itself: what <c>await using</c> throws at
/// the end of a test would hide that.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class LateFailuresAttribute : BeforeAfterTestAttribute
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<Exception>> Failures = new();

    [ModuleInitializer]
    internal static void Connect() => LoireTestCluster.EndFailed = Keep;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => Failures[test.UniqueID] = [];

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Failures.TryRemove(test.UniqueID, out var failures) && !failures.IsEmpty)
        {
            throw new AggregateException("A cluster did not end as it should.", failures);
        }
    }

    /// <summary>What has been kept for the test that runs, which then does not fail of it.</summary>
    internal static IReadOnlyList<Exception> Taken()
    {
        var kept = Failures[TestContext.Current.Test!.UniqueID];
        Exception[] taken = [.. kept];
        kept.Clear();
        return taken;
    }

    // While the test runs. What ends with its class is thrown: the framework itself puts that beside the test's failure.
    private static bool Keep(Exception failure)
    {
        if (TestContext.Current.Test is not { } test || !Failures.TryGetValue(test.UniqueID, out var failures))
        {
            return false;
        }

        failures.Enqueue(failure);
        return true;
    }
}
