using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>Makes grains of a class, with what their constructor asks for.</summary>
internal sealed class GrainConstructor
{
    private readonly ConstructorInvoker _invoker;
    private readonly Func<Activation, object?>[] _arguments;

    public GrainConstructor(Type type)
    {
        var constructors = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public);
        var chosen = Array.Find(constructors, c => c.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(c => c.GetParameters().Length)
            ?? throw new OrleansConfigurationException($"{type} has no public constructor");
        _invoker = ConstructorInvoker.Create(chosen);
        _arguments = Array.ConvertAll(chosen.GetParameters(), Resolver);
    }

    public object Create(Activation activation)
    {
        var arguments = Array.ConvertAll(_arguments, resolve => resolve(activation));
        return _invoker.Invoke(arguments.AsSpan());
    }

    private static Func<Activation, object?> Resolver(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(IGrainContext))
        {
            return static activation => activation;
        }

        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            return PersistentStates.Resolver(type, state);
        }

        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
        {
            return activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key);
        }

        return parameter.HasDefaultValue
            ? activation => activation.ActivationServices.GetService(type) ?? parameter.DefaultValue
            : activation => activation.ActivationServices.GetRequiredService(type);
    }
}
