using System.Reflection;

namespace Loire.Engine;

/// <summary>Marks work of the engine that filters do not see.</summary>
internal interface IInternalRequest;

/// <summary>Work of the engine that runs in the grain like a call: the tick of a timer, an item of a stream.</summary>
internal abstract class InternalRequest(bool interleaves) : TaskRequest, IInternalRequest
{
    private static readonly MethodInfo Itself =
        typeof(InternalRequest).GetMethod(nameof(Call), BindingFlags.Instance | BindingFlags.NonPublic, [typeof(object)])!;

    private static readonly GrainMethod Exclusive = new(Itself, alwaysInterleave: false);
    private static readonly GrainMethod Interleaving = new(Itself, alwaysInterleave: true);

    public override GrainMethod Method => interleaves ? Interleaving : Exclusive;
}
