namespace Loire.Testing.Tests.Specifications;

/// <summary>A specification that must not hold.</summary>
internal static class Failing
{
    /// <summary>Runs it and gives the text of its failure.</summary>
    public static string MessageOf(Action specification) => Should.Throw<SpecificationException>(specification).Message;
}
