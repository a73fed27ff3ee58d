namespace Loire.Processes;

/// <summary>How types are called where people read of them.</summary>
internal static class ProcessNames
{
    /// <summary><c>OrderEvent.Placed</c> for the record <c>Placed</c> in <c>OrderEvent</c>.</summary>
    public static string Of(Type type) => type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name;
}
