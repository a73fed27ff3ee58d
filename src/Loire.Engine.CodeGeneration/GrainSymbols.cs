using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Loire.Engine.CodeGeneration;

/// <summary>Reads grain interfaces and classes from symbols.</summary>
internal static class GrainSymbols
{
    public const string Addressable = "Orleans.Runtime.IAddressable";
    public const string GrainBase = "Orleans.IGrainBase";

    public static readonly SymbolDisplayFormat Qualified = SymbolDisplayFormat.FullyQualifiedFormat
        .WithMiscellaneousOptions(
            SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
            | SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static bool Implements(INamedTypeSymbol type, string interfaceName) =>
        type.AllInterfaces.Any(i => i.ToDisplayString() == interfaceName);

    public static bool IsGrainInterface(INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Interface && Implements(type, Addressable);

    public static bool IsGrainClass(INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Class && !type.IsAbstract && Implements(type, GrainBase);

    public static bool IsGeneric(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
        {
            if (t.Arity > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether code elsewhere in the assembly can name the type.</summary>
    public static bool IsReachable(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
        {
            if (t.IsFileLocal || t.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected
                or Accessibility.ProtectedAndInternal)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The methods of an interface and of those that it derives from.</summary>
    public static ImmutableArray<IMethodSymbol> Methods(INamedTypeSymbol type) =>
        Members(type).OfType<IMethodSymbol>().Where(m => m.MethodKind == MethodKind.Ordinary).ToImmutableArray();

    /// <summary>Properties and events, which cannot be called from elsewhere.</summary>
    public static IEnumerable<ISymbol> Uncallable(INamedTypeSymbol type) =>
        Members(type).Where(m => m is IPropertySymbol or IEventSymbol);

    /// <summary>Which kind of request a method needs, or null when it cannot be called from elsewhere.</summary>
    public static string? RequestKind(IMethodSymbol method) =>
        (method.ReturnType.OriginalDefinition.ToDisplayString()) switch
        {
            "System.Threading.Tasks.Task" => "TaskRequest",
            "System.Threading.Tasks.Task<TResult>" => "TaskRequest",
            "System.Threading.Tasks.ValueTask" => "ValueTaskRequest",
            "System.Threading.Tasks.ValueTask<TResult>" => "ValueTaskRequest",
            _ => null,
        };

    private static IEnumerable<ISymbol> Members(INamedTypeSymbol type) =>
        new[] { type }.Concat(type.AllInterfaces).SelectMany(i => i.GetMembers()).Where(m => !m.IsStatic && m.IsAbstract);
}
