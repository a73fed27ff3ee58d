using System.Text;

namespace Loire.Testing;

/// <summary>Why a specification does not hold: a headline, then titled lists. The text is part of the contract with users.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text;

    public Report(string headline)
    {
        Headline = headline;
        _text = new StringBuilder(headline);
    }

    public string Headline { get; }

    /// <summary>Adds a list; an empty one reads "nothing".</summary>
    public Report With(string title, params IEnumerable<object> lines)
    {
        _text.Append('\n').Append(title);
        foreach (var line in lines.DefaultIfEmpty("nothing"))
        {
            _text.Append("\n  ").Append(line);
        }

        return this;
    }

    public SpecificationException ToException(Exception? cause = null) => new(_text.ToString(), cause);
}
