using Orleans.Runtime;

namespace Loire.Engine;

internal sealed class LocalSiloDetails(EngineRuntime runtime) : ILocalSiloDetails
{
    public string Name => runtime.Name;

    public SiloAddress SiloAddress => runtime.Address;
}
