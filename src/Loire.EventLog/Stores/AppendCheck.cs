using System.Text.Unicode;

namespace Loire.EventLog;

/// <summary>Refuses what could not be written, before it can hold up those who share a commit with it.</summary>
internal static class AppendCheck
{
    /// <summary>The most that one append may hold, in bytes.</summary>
    public const long MaxBytes = 64 << 20;

    private const int RowOverhead = 100;
    private const int MaxKeyLength = 255;
    private const int MaxTypeLength = 255;
    private const int MaxShapeLength = 200;

    /// <summary>The size of an append in bytes, about.</summary>
    /// <exception cref="ArgumentException">It is not a valid append.</exception>
    public static long Measure(AppendRequest request)
    {
        Stream(request.Stream);
        ArgumentOutOfRangeException.ThrowIfNegative(request.ExpectedVersion, nameof(request));
        var bytes = request.Key is null ? 0 : Measure(request.Key);
        foreach (var e in request.Events)
        {
            bytes += Measure(e);
        }

        if (bytes > MaxBytes)
        {
            throw new ArgumentException($"An append of {bytes} bytes exceeds the limit of {MaxBytes}.", nameof(request));
        }

        return bytes;
    }

    /// <exception cref="ArgumentException">It names no stream.</exception>
    public static void Stream(StreamName stream)
    {
        if (string.IsNullOrEmpty(stream.Aggregate) || string.IsNullOrEmpty(stream.Id)
            || !StreamName.IsValidId(stream.Aggregate) || !StreamName.IsValidId(stream.Id))
        {
            throw new ArgumentException(
                $"A stream's type and id have 1 to {StreamName.MaxIdLength} characters and no control characters.", nameof(stream));
        }

        StrictUtf8.Measure(stream.Aggregate, "The stream's type");
        StrictUtf8.Measure(stream.Id, "The stream's id");
    }

    /// <exception cref="ArgumentException">It is too short, too long or not valid Unicode.</exception>
    public static long Measure(IdempotencyKey key)
    {
        if (key.Value.Length is 0 or > MaxKeyLength)
        {
            throw new ArgumentException($"An idempotency key has 1 to {MaxKeyLength} characters.", nameof(key));
        }

        return RowOverhead + StrictUtf8.Measure(key.Value, "The idempotency key") + key.Fingerprint.Length;
    }

    /// <summary>The size of a snapshot in bytes, about.</summary>
    /// <exception cref="ArgumentException">It is not a valid snapshot.</exception>
    public static long Measure(Snapshot snapshot)
    {
        Stream(snapshot.Stream);
        Shape(snapshot.Shape);
        ArgumentOutOfRangeException.ThrowIfLessThan(snapshot.Version, 1, nameof(snapshot));
        if (snapshot.State.Length > MaxBytes || !Utf8.IsValid(snapshot.State.Span))
        {
            throw new ArgumentException($"A snapshot's state is UTF-8 of up to {MaxBytes} bytes.", nameof(snapshot));
        }

        return RowOverhead + snapshot.State.Length;
    }

    /// <exception cref="ArgumentException">It is too short, too long or not valid Unicode.</exception>
    public static void Shape(string shape)
    {
        if (shape.Length is 0 or > MaxShapeLength)
        {
            throw new ArgumentException($"A snapshot's shape has 1 to {MaxShapeLength} characters.", nameof(shape));
        }

        StrictUtf8.Measure(shape, "The snapshot's shape");
    }

    private static long Measure(NewEvent e) =>
        RowOverhead
        + Data(e.Data.Span)
        + Type(e.Type)
        + StrictUtf8.Measure(e.Metadata.UserId, "The user's id")
        + StrictUtf8.Measure(e.Metadata.CorrelationId, "The correlation id")
        + StrictUtf8.Measure(e.Metadata.CausationId, "The causation id")
        + StrictUtf8.Measure(e.Metadata.TraceParent, "The trace context")
        + StrictUtf8.Measure(e.Metadata.Tenant, "The tenant");

    private static int Type(string type) =>
        type.Length is >= 1 and <= MaxTypeLength
            ? StrictUtf8.Measure(type, "The event's type")
            : throw new ArgumentException($"An event's type has 1 to {MaxTypeLength} characters.", nameof(type));

    private static int Data(ReadOnlySpan<byte> data) =>
        Utf8.IsValid(data) ? data.Length : throw new ArgumentException("An event's data is UTF-8.", nameof(data));
}
