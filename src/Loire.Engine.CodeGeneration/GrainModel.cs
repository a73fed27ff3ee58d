using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Loire.Engine.CodeGeneration;

/// <summary>What is generated for a grain interface or class. Text only, so that it can be compared and cached.</summary>
internal sealed record GrainModel(string Namespace, string FileName, string Source, string Registration, Faults Faults)
{
    public static GrainModel OfInterface(INamedTypeSymbol type, string space)
    {
        var faults = new Faults(TypeFaults(type).Concat(MemberFaults(type)));
        if (!faults.IsEmpty)
        {
            return new GrainModel(space, "", "", "", faults);
        }

        var name = Names.Identifier(type.ToDisplayString());
        var qualified = type.ToDisplayString(GrainSymbols.Qualified);
        return new GrainModel(
            space,
            name + ".g.cs",
            new ReferenceWriter(type, space, name).Write(),
            $"registry.AddInterface(typeof({qualified}), static (runtime, id) => new {name}_Reference(runtime, id));",
            faults);
    }

    public static GrainModel OfClass(INamedTypeSymbol type, string space)
    {
        var faults = new Faults(TypeFaults(type));
        return new GrainModel(
            space,
            "",
            "",
            faults.IsEmpty ? $"registry.AddClass(typeof({type.ToDisplayString(GrainSymbols.Qualified)}));" : "",
            faults);
    }

    private static IEnumerable<Fault> TypeFaults(INamedTypeSymbol type)
    {
        if (GrainSymbols.IsGeneric(type))
        {
            yield return Fault.Of(Diagnostics.Generic, type);
        }
        else if (!GrainSymbols.IsReachable(type))
        {
            yield return Fault.Of(Diagnostics.Unreachable, type);
        }
    }

    private static IEnumerable<Fault> MemberFaults(INamedTypeSymbol type)
    {
        foreach (var member in GrainSymbols.Uncallable(type))
        {
            yield return Fault.Of(Diagnostics.NotAsynchronous, member);
        }

        foreach (var method in GrainSymbols.Methods(type))
        {
            if (GrainSymbols.RequestKind(method) is null)
            {
                yield return Fault.Of(Diagnostics.NotAsynchronous, method);
            }
            else if (method.IsGenericMethod)
            {
                yield return Fault.Of(Diagnostics.Generic, method);
            }
            else if (method.Parameters.Any(p => p.RefKind != RefKind.None))
            {
                yield return Fault.Of(Diagnostics.ByReference, method);
            }
        }
    }
}

/// <summary>What is wrong with a symbol.</summary>
internal sealed record Fault(DiagnosticDescriptor Descriptor, string Subject, string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static Fault Of(DiagnosticDescriptor descriptor, ISymbol symbol)
    {
        var location = symbol.Locations.FirstOrDefault() ?? Location.None;
        return new Fault(
            descriptor, symbol.ToDisplayString(), location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);
    }

    public Diagnostic Diagnostic() => Microsoft.CodeAnalysis.Diagnostic.Create(
        Descriptor, Path.Length == 0 ? Location.None : Location.Create(Path, Span, Lines), Subject);
}

/// <summary>Faults that can be compared.</summary>
internal sealed class Faults(IEnumerable<Fault> faults) : IEquatable<Faults>
{
    private readonly Fault[] _faults = faults.ToArray();

    public bool IsEmpty => _faults.Length == 0;

    public bool Equals(Faults? other) => other is not null && _faults.SequenceEqual(other._faults);

    public override bool Equals(object? obj) => Equals(obj as Faults);

    public override int GetHashCode() => _faults.Length;

    public IEnumerator<Fault> GetEnumerator() => ((IEnumerable<Fault>)_faults).GetEnumerator();
}
