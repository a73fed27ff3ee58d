using Loire.EventLog;

namespace Loire.Serialization;

/// <summary>The form in which <see cref="StoreUnavailableException"/>, which knows nothing of grains, crosses between silos.</summary>
[GenerateSerializer, Immutable, Alias("loire.store-unavailable")]
internal struct StoreUnavailableSurrogate
{
    [Id(0)] public string Message;
    [Id(1)] public bool OutcomeUnknown;
    [Id(2)] public TimeSpan RetryAfter;
}

/// <summary>What caused it stays in the log of the silo where it happened.</summary>
[RegisterConverter]
internal sealed class StoreUnavailableConverter : IConverter<StoreUnavailableException, StoreUnavailableSurrogate>
{
    public StoreUnavailableException ConvertFromSurrogate(in StoreUnavailableSurrogate surrogate) =>
        new(surrogate.Message) { OutcomeUnknown = surrogate.OutcomeUnknown, RetryAfter = surrogate.RetryAfter };

    public StoreUnavailableSurrogate ConvertToSurrogate(in StoreUnavailableException value) =>
        new() { Message = value.Message, OutcomeUnknown = value.OutcomeUnknown, RetryAfter = value.RetryAfter };
}
