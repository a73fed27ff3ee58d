using Orleans.Runtime;

namespace Orleans
{
    /// <summary>The name under which a grain class is known; without it, the class name in lower case without "grain".</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class GrainTypeAttribute(string grainType) : Attribute
    {
        internal GrainType GrainType { get; } = GrainType.Create(grainType);
    }

    /// <summary>Idle activations of this class are not collected.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public class KeepAliveAttribute : Attribute;

    /// <summary>When idle activations of this class are collected.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public class CollectionAgeLimitAttribute : Attribute
    {
        /// <summary>The shortest age.</summary>
        public static readonly TimeSpan MinAgeLimit = TimeSpan.FromMinutes(1);

        private readonly TimeSpan? _age;

        public CollectionAgeLimitAttribute()
        {
        }

        public CollectionAgeLimitAttribute(string inactivityPeriod) =>
            _age = TimeSpan.Parse(inactivityPeriod, System.Globalization.CultureInfo.InvariantCulture);

        /// <summary>Whether activations are never collected.</summary>
        public bool AlwaysActive { get; set; }

        public double Days { get; set; }

        public double Hours { get; set; }

        public double Minutes { get; set; }

        /// <summary>How long an activation has to be idle.</summary>
        public TimeSpan AgeLimit
        {
            get
            {
                var age = _age ?? (TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes));
                return AlwaysActive ? Timeout.InfiniteTimeSpan : age > MinAgeLimit ? age : MinAgeLimit;
            }
        }
    }

    /// <summary>Grains of this class receive the streams of a namespace: the grain whose key is the stream's.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class ImplicitStreamSubscriptionAttribute(string streamNamespace) : Attribute
    {
        internal string Namespace { get; } = streamNamespace;
    }
}

namespace Orleans.Providers
{
    /// <summary>Which log-consistency provider a journaled grain uses.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class LogConsistencyProviderAttribute : Attribute
    {
        /// <summary>The key under which the provider is registered.</summary>
        public string ProviderName { get; set; } = ProviderConstants.DEFAULT_LOG_CONSISTENCY_PROVIDER_NAME;
    }

    /// <summary>Which grain storage a grain's state is kept in.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class StorageProviderAttribute : Attribute
    {
        /// <summary>The key under which the storage is registered.</summary>
        public string ProviderName { get; set; } = ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME;
    }

    /// <summary>Names of providers.</summary>
    public static class ProviderConstants
    {
        public const string DEFAULT_STORAGE_PROVIDER_NAME = "Default";
        public const string DEFAULT_LOG_CONSISTENCY_PROVIDER_NAME = "Default";
        public const string DEFAULT_PUBSUB_PROVIDER_NAME = "PubSubStore";
    }
}
