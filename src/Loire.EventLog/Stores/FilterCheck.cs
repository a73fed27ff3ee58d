namespace Loire.EventLog;

/// <summary>Refuses filters that nothing could match because of how they are written.</summary>
internal static class FilterCheck
{
    /// <exception cref="ArgumentException">A partition is out of its range, or a text is not valid Unicode.</exception>
    public static void Check(LogFilter filter)
    {
        foreach (var text in filter.Types.Concat(filter.Aggregates).Append(filter.CorrelationId))
        {
            StrictUtf8.Measure(text, "The filter");
        }

        if (filter.Partitions.Any(partition => partition is < 0 or >= StreamName.Partitions))
        {
            throw new ArgumentOutOfRangeException(
                nameof(filter), $"A filter's partitions are 0 to {StreamName.Partitions - 1}.");
        }
    }
}
