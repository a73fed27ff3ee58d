using System.Text.Json;
using Loire.Commands;
using Loire.Sagas;
using Loire.Serialization;

namespace Loire.Gateway.Sagas;

/// <summary>The types of sagas that are registered, and what their contexts look like.</summary>
internal sealed class SagaTypes(IEnumerable<Saga> sagas)
{
    private readonly Dictionary<string, Type> _contexts = sagas.GroupBy(s => s.Type)
        .ToDictionary(g => g.Key, g => ContextOf(g.MaxBy(s => s.Version)!.GetType()));

    public IEnumerable<string> Names => _contexts.Keys.Order();

    public bool Contains(string type) => _contexts.ContainsKey(type);

    /// <summary>What is wrong with a context. A saga that was started with it could never go on.</summary>
    public IReadOnlyList<FieldError> Check(string type, ReadOnlyMemory<byte> context)
    {
        try
        {
            return JsonSerializer.Deserialize(context.Span, _contexts[type], LoireJson.Strict) is null
                ? [new FieldError("", "A JSON object is needed.")]
                : [];
        }
        catch (JsonException e)
        {
            return PayloadDiagnosis.Explain(context, _contexts[type], e);
        }
    }

    private static Type ContextOf(Type saga)
    {
        for (var type = saga; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Saga<>))
            {
                return type.GetGenericArguments()[0];
            }
        }

        throw new ArgumentException($"{saga} does not derive from Saga<>.", nameof(saga));
    }
}
