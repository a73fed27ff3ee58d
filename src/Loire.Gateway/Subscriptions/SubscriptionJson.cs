using System.Text.Json;
using Loire.Monitoring;

namespace Loire.Gateway.Subscriptions;

/// <summary>How people see a subscription.</summary>
internal static class SubscriptionJson
{
    public static void Write(Utf8JsonWriter writer, SubscriptionHealth subscription) => Write(writer, subscription, _ => { });

    public static void WriteWithPartitions(Utf8JsonWriter writer, SubscriptionHealth subscription) => Write(writer, subscription, w =>
    {
        w.WriteStartArray("byPartition");
        foreach (var partition in subscription.Partitions)
        {
            Write(w, partition);
        }

        w.WriteEndArray();
    });

    /// <summary>The name of a state in the API: <c>catching-up</c>.</summary>
    public static string NameOf(SubscriptionState state) => JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());

    private static void Write(Utf8JsonWriter writer, SubscriptionHealth subscription, Action<Utf8JsonWriter> rest)
    {
        writer.WriteStartObject();
        writer.WriteString("name", subscription.Definition.Name);
        writer.WriteString("kind", subscription.Definition.Kind);
        writer.WriteNumber("partitions", subscription.Definition.Partitions);
        writer.WriteNumber("position", subscription.Position);
        writer.WriteNumber("head", subscription.Head);
        writer.WriteNumber("lag", subscription.Lag);
        WriteSeconds(writer, "lagSeconds", subscription.LagTime);
        writer.WriteNumber("rate", Math.Round(subscription.Rate, 1));
        writer.WriteString("status", NameOf(subscription.State));
        writer.WriteString("lastError", subscription.LastError);
        WriteSeconds(writer, "heartbeatAgeSeconds", subscription.HeartbeatAge);
        rest(writer);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, PartitionHealth partition)
    {
        writer.WriteStartObject();
        writer.WriteNumber("partition", partition.Partition);
        writer.WriteNumber("position", partition.Position);
        writer.WriteNumber("lag", partition.Lag);
        WriteSeconds(writer, "lagSeconds", partition.LagTime);
        writer.WriteNumber("rate", Math.Round(partition.Rate, 1));
        writer.WriteString("status", NameOf(partition.State));
        writer.WriteNumber("failures", partition.Failures);
        writer.WriteString("lastError", partition.LastError);
        WriteSeconds(writer, "heartbeatAgeSeconds", partition.HeartbeatAge);
        writer.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter writer, string name, TimeSpan? time)
    {
        if (time is { } known)
        {
            writer.WriteNumber(name, Math.Round(known.TotalSeconds, 1));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
