using Orleans;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>Makes references.</summary>
internal sealed class GrainFactory(EngineRuntime runtime, GrainManifest manifest) : IClusterClient
{
    public IServiceProvider ServiceProvider => runtime.Services;

    internal EngineRuntime Runtime => runtime;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        (TGrainInterface)Make(typeof(TGrainInterface), GrainKeys.Create(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        (TGrainInterface)Make(typeof(TGrainInterface), GrainKeys.Create(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)Make(typeof(TGrainInterface), TextKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey =>
        (TGrainInterface)Make(typeof(TGrainInterface), GrainKeys.Create(primaryKey, keyExtension), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey =>
        (TGrainInterface)Make(typeof(TGrainInterface), GrainKeys.Create(primaryKey, keyExtension), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(IAddressable)manifest.Reference(typeof(TGrainInterface), runtime, grainId);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) =>
        Make(grainInterfaceType, GrainKeys.Create(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) =>
        Make(grainInterfaceType, GrainKeys.Create(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) =>
        Make(grainInterfaceType, TextKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) =>
        Make(grainInterfaceType, GrainKeys.Create(grainPrimaryKey, keyExtension));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) =>
        Make(grainInterfaceType, GrainKeys.Create(grainPrimaryKey, keyExtension));

    private static IdSpan TextKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return IdSpan.Create(key);
    }

    private IGrain Make(Type interfaceType, IdSpan key, string? prefix = null) =>
        (IGrain)(IAddressable)manifest.Reference(interfaceType, runtime, new GrainId(manifest.Implementation(interfaceType, prefix), key));
}
