namespace Orleans;

/// <summary>
/// Converts between a type that knows nothing of grains and the form in which it crosses between silos. This engine hands
/// messages over by reference, so it takes the converter as a promise that the type may cross and never calls it.
/// </summary>
public interface IConverter<TValue, TSurrogate>
    where TSurrogate : struct
{
    TValue ConvertFromSurrogate(in TSurrogate surrogate);

    TSurrogate ConvertToSurrogate(in TValue value);
}

/// <summary>Registers a converter.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class RegisterConverterAttribute : Attribute;
