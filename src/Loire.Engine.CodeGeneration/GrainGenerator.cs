using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Loire.Engine.CodeGeneration;

/// <summary>Writes the references and requests of the grain interfaces of a project, and the list of its grains.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class GrainGenerator : IIncrementalGenerator
{
    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var grains = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => MayBeGrain(node), Read)
            .Where(static grain => grain is not null)
            .Select(static (grain, _) => grain!);
        context.RegisterSourceOutput(grains, static (output, grain) => Write(output, grain));
        context.RegisterSourceOutput(
            grains.Where(static g => g.Registration.Length > 0)
                .Select(static (g, _) => (g.Namespace, g.Registration))
                .Collect(),
            static (output, registrations) => WriteAssembly(output, registrations));
    }

    private static bool MayBeGrain(SyntaxNode node) => node switch
    {
        InterfaceDeclarationSyntax { BaseList: not null } => true,
        ClassDeclarationSyntax { BaseList: not null } => true,
        _ => false,
    };

    private static GrainModel? Read(GeneratorSyntaxContext context, CancellationToken cancellationToken)
    {
        if (context.SemanticModel.GetDeclaredSymbol(context.Node, cancellationToken) is not INamedTypeSymbol type
            || type.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken) != context.Node)
        {
            return null;
        }

        var space = "Loire.Engine.Generated." + Names.Identifier(context.SemanticModel.Compilation.AssemblyName ?? "Grains");
        return GrainSymbols.IsGrainInterface(type) ? GrainModel.OfInterface(type, space)
            : GrainSymbols.IsGrainClass(type) ? GrainModel.OfClass(type, space)
            : null;
    }

    private static void Write(SourceProductionContext output, GrainModel grain)
    {
        foreach (var fault in grain.Faults)
        {
            output.ReportDiagnostic(fault.Diagnostic());
        }

        if (grain.Source.Length > 0)
        {
            output.AddSource(grain.FileName, SourceText.From(grain.Source, Encoding.UTF8));
        }
    }

    private static void WriteAssembly(SourceProductionContext output, ImmutableArray<(string Namespace, string Registration)> grains)
    {
        if (grains.IsEmpty)
        {
            return;
        }

        var registrations = grains.Select(g => g.Registration).Distinct().OrderBy(r => r, System.StringComparer.Ordinal);
        output.AddSource("GrainAssembly.g.cs", SourceText.From(
            AssemblyWriter.Write(grains[0].Namespace, registrations), Encoding.UTF8));
    }
}
