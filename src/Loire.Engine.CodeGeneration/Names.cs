using System.Text;

namespace Loire.Engine.CodeGeneration;

internal static class Names
{
    /// <summary>An identifier made from any text; different texts give different identifiers.</summary>
    public static string Identifier(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            result.Append(char.IsLetterOrDigit(c) ? c.ToString() : c is '.' ? "_" : c is '_' ? "__" : $"_{(int)c:x}_");
        }

        return result.Length == 0 || char.IsDigit(result[0]) ? "_" + result : result.ToString();
    }
}
