using System.Reflection;
using System.Text.Json;
using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>Documents of one type that a projection writes.</summary>
/// <typeparam name="T">The document; its scalar members can be filtered and sorted by.</typeparam>
public sealed class ViewTable<T>(string name, int version)
    where T : class
{
    public ViewSchema Schema { get; } = new(name, version, [.. FieldsOf(typeof(T))]);

    private static IEnumerable<ViewField> FieldsOf(Type type) =>
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        let kind = KindOf(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
        where kind is not null
        select new ViewField(
            JsonNamingPolicy.CamelCase.ConvertName(property.Name),
            kind.Value,
            property.IsDefined(typeof(SearchableAttribute)),
            property.IsDefined(typeof(IndexedAttribute)));

    private static ViewFieldKind? KindOf(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => ViewFieldKind.Text,
        TypeCode.String => ViewFieldKind.Text,
        TypeCode.Boolean => ViewFieldKind.Boolean,
        TypeCode.Int32 or TypeCode.Int64 or TypeCode.Decimal or TypeCode.Double => ViewFieldKind.Number,
        _ when type == typeof(DateOnly) => ViewFieldKind.Text,
        _ when type == typeof(DateTimeOffset) => ViewFieldKind.Time,
        _ => null,
    };
}

/// <summary>The text of this member is looked into by <c>q=</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchableAttribute : Attribute;

/// <summary>The store keeps an index for this member: faster to find by, dearer to write.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IndexedAttribute : Attribute;
