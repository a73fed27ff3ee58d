using Orleans.Runtime;

namespace Orleans;

/// <summary>Makes references to grains. A reference costs nothing until it is called.</summary>
public interface IGrainFactory
{
    /// <summary>A reference by GUID; a prefix of the class name chooses among several classes.</summary>
    TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey;

    /// <inheritdoc cref="GetGrain{TGrainInterface}(Guid, string?)"/>
    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey;

    /// <inheritdoc cref="GetGrain{TGrainInterface}(Guid, string?)"/>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <inheritdoc cref="GetGrain{TGrainInterface}(Guid, string?)"/>
    TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey;

    /// <inheritdoc cref="GetGrain{TGrainInterface}(Guid, string?)"/>
    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey;

    /// <summary>A reference by identity: the grain type in it chooses the class.</summary>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable;

    /// <summary>A reference by interface and key.</summary>
    IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey);

    /// <inheritdoc cref="GetGrain(Type, Guid)"/>
    IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey);

    /// <inheritdoc cref="GetGrain(Type, Guid)"/>
    IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey);

    /// <inheritdoc cref="GetGrain(Type, Guid)"/>
    IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension);

    /// <inheritdoc cref="GetGrain(Type, Guid)"/>
    IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension);
}

/// <summary>Grains as seen from outside of them.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The services of the host.</summary>
    IServiceProvider ServiceProvider { get; }
}
