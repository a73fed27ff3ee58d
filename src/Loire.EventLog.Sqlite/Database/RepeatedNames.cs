using System.Text;

namespace Loire.EventLog.Sqlite;

/// <summary>Makes one string of a name that comes again and again in a page: the types of aggregates and events.</summary>
internal sealed class RepeatedNames
{
    private readonly string?[] _known = new string?[16];

    public string Text(ReadOnlySpan<byte> utf8)
    {
        ref var known = ref _known[utf8.Length % _known.Length];

        // What is not ASCII is equal to nothing here.
        return known is not null && Ascii.Equals(utf8, known) ? known : known = Encoding.UTF8.GetString(utf8);
    }
}
