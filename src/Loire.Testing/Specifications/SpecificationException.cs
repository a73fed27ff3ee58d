namespace Loire.Testing;

/// <summary>
/// A specification does not hold, or something that a test waited for did not come in time. The only exception that this
/// library fails a test with; every test framework takes it for a failure.
/// </summary>
public sealed class SpecificationException : Exception
{
    public SpecificationException()
    {
    }

    public SpecificationException(string message)
        : base(message)
    {
    }

    public SpecificationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
