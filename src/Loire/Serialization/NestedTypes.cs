using System.Text.Json;

namespace Loire.Serialization;

/// <summary>
/// The closed hierarchy of a base record: the records nested in it, named in kebab-case. <c>OrderEvent.Placed</c> is
/// <c>placed</c>, <c>ProductCommand.ChangePrice</c> is <c>change-price</c>.
/// </summary>
internal static class NestedTypes
{
    public static IReadOnlyDictionary<string, Type> Of(Type root)
    {
        var nested = root.GetNestedTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(root)).ToDictionary(NameOf);
        return nested.Count > 0
            ? nested
            : throw new ArgumentException($"{root} has no public records nested in it that derive from it.", nameof(root));
    }

    public static string NameOf(Type type) => JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name);
}
