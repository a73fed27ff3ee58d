using System.Reflection;

namespace Orleans.Serialization.Invocation;

/// <summary>A call, as interleaving predicates and filters see it.</summary>
public interface IInvokable
{
    /// <summary>How many arguments there are.</summary>
    int GetArgumentCount();

    /// <summary>One argument.</summary>
    object? GetArgument(int index);

    /// <summary>Replaces one argument.</summary>
    void SetArgument(int index, object? value);

    /// <summary>The name of the method.</summary>
    string GetMethodName();

    /// <summary>The name of the interface.</summary>
    string GetInterfaceName();

    /// <summary>The interface.</summary>
    Type GetInterfaceType();

    /// <summary>The method of the interface.</summary>
    MethodInfo GetMethod();

    /// <summary>The grain that is called, or null where it is not yet known.</summary>
    object? GetTarget();
}
