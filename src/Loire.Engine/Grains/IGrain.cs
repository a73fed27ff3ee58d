using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>What can be called from elsewhere.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>A grain: an addressable thing with an identity that is activated when it is called.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain whose key is text.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>A grain whose key is a GUID.</summary>
    public interface IGrainWithGuidKey : IGrain;

    /// <summary>A grain whose key is an integer.</summary>
    public interface IGrainWithIntegerKey : IGrain;

    /// <summary>A grain whose key is a GUID and a text.</summary>
    public interface IGrainWithGuidCompoundKey : IGrain;

    /// <summary>A grain whose key is an integer and a text.</summary>
    public interface IGrainWithIntegerCompoundKey : IGrain;
}
