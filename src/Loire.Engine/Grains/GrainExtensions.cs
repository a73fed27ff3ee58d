using Loire.Engine;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The identity of a grain, from inside it or from a reference.</summary>
public static class GrainExtensions
{
    /// <summary>A reference through which the grain can be called as <typeparamref name="TGrainInterface"/>.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) =>
        (TGrainInterface)grain.AsReference(typeof(TGrainInterface));

    /// <summary>A reference through which the grain can be called as <paramref name="interfaceType"/>.</summary>
    public static object AsReference(this IAddressable grain, Type interfaceType) => ReferenceOf(grain).Cast(interfaceType);

    /// <summary>The same as <see cref="AsReference{TGrainInterface}"/>.</summary>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    /// <summary>The same as <see cref="AsReference(IAddressable, Type)"/>.</summary>
    public static object Cast(this IAddressable grain, Type interfaceType) => grain.AsReference(interfaceType);

    /// <summary>The identity of the grain.</summary>
    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.GrainId,
        IGrainBase { GrainContext: { } context } => context.GrainId,
        _ => throw new ArgumentException("Neither a grain reference nor a grain that is active", nameof(grain)),
    };

    /// <summary>The key of a grain whose key is text.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    /// <summary>The key of a grain whose key is a GUID.</summary>
    public static Guid GetPrimaryKey(this IAddressable grain) => grain.GetPrimaryKey(out _);

    /// <summary>The key of a grain whose key is a GUID and a text.</summary>
    public static Guid GetPrimaryKey(this IAddressable grain, out string? keyExt)
    {
        var id = grain.GetGrainId();
        return GrainKeys.TryReadGuid(id.Key, out var key, out keyExt)
            ? key
            : throw new InvalidOperationException($"The key of {id} is not a GUID");
    }

    /// <summary>The key of a grain whose key is an integer.</summary>
    public static long GetPrimaryKeyLong(this IAddressable grain) => grain.GetPrimaryKeyLong(out _);

    /// <summary>The key of a grain whose key is an integer and a text.</summary>
    public static long GetPrimaryKeyLong(this IAddressable grain, out string? keyExt)
    {
        var id = grain.GetGrainId();
        return GrainKeys.TryReadLong(id.Key, out var key, out keyExt)
            ? key
            : throw new InvalidOperationException($"The key of {id} is not an integer");
    }

    private static GrainReference ReferenceOf(IAddressable grain) => grain switch
    {
        GrainReference reference => reference,
        IGrainBase { GrainContext: { } context } => context.GrainReference,
        _ => throw new ArgumentException("Neither a grain reference nor a grain that is active", nameof(grain)),
    };
}
