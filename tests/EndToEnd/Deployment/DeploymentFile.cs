using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace EndToEnd.Deployment;

/// <summary>A part of a YAML file in <c>deploy</c>: what it is asked for has to be there.</summary>
internal sealed class DeploymentFile(object? node)
{
    /// <summary>The documents of a file.</summary>
    public static IReadOnlyList<DeploymentFile> Read(string name)
    {
        using var reader = new StringReader(Text(name));
        var parser = new MergingParser(new Parser(reader));
        var deserializer = new DeserializerBuilder().Build();
        List<DeploymentFile> documents = [];
        parser.Consume<StreamStart>();
        while (!parser.Accept<StreamEnd>(out _))
        {
            documents.Add(new DeploymentFile(deserializer.Deserialize(parser)));
        }

        return documents;
    }

    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deploy", name));

    /// <summary>A member, or a member of a member (<c>spec.template</c>).</summary>
    public DeploymentFile this[string path] => path.Split('.').Aggregate(this, (part, name) =>
        part.Members.TryGetValue(name, out var member)
            ? member
            : throw new KeyNotFoundException($"There is no '{name}' of '{path}'."));

    public bool Has(string name) => Members.ContainsKey(name);

    public string Value => node.ShouldBeOfType<string>();

    public IEnumerable<DeploymentFile> Items => node.ShouldBeOfType<List<object>>().Select(item => new DeploymentFile(item));

    public Dictionary<string, DeploymentFile> Members => node.ShouldBeOfType<Dictionary<object, object>>()
        .ToDictionary(member => (string)member.Key, member => new DeploymentFile(member.Value));

    /// <summary>The members' values, as text.</summary>
    public Dictionary<string, string> Values => Members.ToDictionary(member => member.Key, member => member.Value.Value);
}
