using System.Globalization;
using Loire.Commands;
using Loire.Gateway.Problems;
using Loire.Queries;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Requests;

/// <summary>Reads the parameters of a query string one by one; what nobody asked for is an error at the end. An empty one counts as absent.</summary>
internal sealed class QueryParameters
{
    private readonly Dictionary<string, string> _left = new(StringComparer.Ordinal);
    private readonly List<FieldError> _errors = [];

    public QueryParameters(HttpRequest request)
    {
        foreach (var (name, values) in request.Query)
        {
            var given = values.Where(v => !string.IsNullOrEmpty(v)).ToArray();
            if (given.Length > 0)
            {
                _left.Add(name, string.Join(',', given));
            }

            Check(given.Length <= 1 || name is "type" or "aggregate", name, "It is given more than once.");
        }
    }

    public string? Text(string name) => _left.Remove(name, out var value) ? value : null;

    /// <summary>Several values, separated by commas or given one by one.</summary>
    public string[] List(string name) => Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public long? Number(string name, long min)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var good = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min;
        Check(good, name, $"A whole number of {min} or more is needed.");
        return good ? number : null;
    }

    public int Limit(int fallback)
    {
        if (Text("limit") is not { } text)
        {
            return fallback;
        }

        var limit = QueryText.ParseLimit(text);
        Check(limit is not null, "limit", $"A whole number from 1 to {QueryText.MaxLimit} is needed.");
        return limit ?? fallback;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var time = Rfc3339.Parse(text);
        Check(time is not null, name, "A time as in RFC 3339 is needed, e.g. 2026-01-31T12:00:00Z.");
        return time;
    }

    /// <summary>A length of time: a number and a unit, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>, e.g. <c>15m</c>.</summary>
    public TimeSpan? Age(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        var good = int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && unit > 0 && number <= 100_000;
        Check(good, name, "A length of time is needed: a whole number up to 100000 and s, m, h or d, e.g. 15m.");
        return good ? TimeSpan.FromSeconds((long)number * unit) : null;
    }

    /// <summary>One of a few words, or <see langword="null"/>.</summary>
    public string? OneOf(string name, params string[] words)
    {
        var text = Text(name);
        Check(text is null || words.Contains(text), name, $"One of {string.Join(", ", words)} is needed.");
        return text;
    }

    /// <summary>Everything that has not been read yet.</summary>
    public IEnumerable<KeyValuePair<string, string>> Rest()
    {
        var rest = _left.ToArray();
        _left.Clear();
        return rest;
    }

    public void Check(bool holds, string name, string message)
    {
        if (!holds)
        {
            _errors.Add(new FieldError(name, message));
        }
    }

    public void Add(IEnumerable<FieldError> errors) => _errors.AddRange(errors);

    /// <exception cref="ProblemException">A parameter is wrong, or there is none of that name.</exception>
    public void Finish()
    {
        Add(_left.Keys.Order().Select(name => new FieldError(name, "There is no such parameter.")));
        if (_errors.Count > 0)
        {
            var names = string.Join(", ", _errors.Select(e => e.Field).Distinct());
            throw new ProblemException(KnownProblems.InvalidRequest($"Query parameters that are not valid: {names}.", _errors));
        }
    }
}
