using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Answers;

/// <summary>Writes JSON answers without going through a serializer.</summary>
internal static class JsonAnswer
{
    /// <summary>What is kept for the next answer on the same thread, at most.</summary>
    private const int KeptBytes = 64 << 10;

    private const int FlushBytes = 32 << 10;

    // What is written is well-formed by construction, and tests read every kind of answer.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Scratch? s_scratch;

    /// <summary>Writes a document that fits into memory, with its length.</summary>
    public static Task Write<T>(HttpContext http, int status, T value, Action<Utf8JsonWriter, T> write) =>
        Write(http, status, "application/json", value, write);

    public static Task Write<T>(HttpContext http, int status, string contentType, T value, Action<Utf8JsonWriter, T> write)
    {
        var scratch = Interlocked.Exchange(ref s_scratch, null) ?? new Scratch();
        write(scratch.Writer, value);
        scratch.Writer.Flush();
        var sent = WriteRaw(http, status, contentType, scratch.Bytes.WrittenMemory);
        if (scratch.Bytes.Capacity <= KeptBytes)
        {
            scratch.Reset();
            s_scratch = scratch;
        }

        return sent;
    }

    /// <summary>Sends a document that is JSON already.</summary>
    public static Task WriteRaw(HttpContext http, int status, ReadOnlyMemory<byte> json) =>
        WriteRaw(http, status, "application/json", json);

    /// <summary>Sends documents one after the other, so that a long page need not lie in memory twice.</summary>
    public static async Task WritePage<T>(
        HttpContext http, string member, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write, Action<Utf8JsonWriter> rest)
    {
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, Options);
        writer.WriteStartObject();
        writer.WriteStartArray(member);
        foreach (var item in items)
        {
            write(writer, item);
            if (writer.BytesPending + http.Response.BodyWriter.UnflushedBytes > FlushBytes)
            {
                writer.Flush();
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            }
        }

        writer.WriteEndArray();
        rest(writer);
        writer.WriteEndObject();
    }

    private static Task WriteRaw(HttpContext http, int status, string contentType, ReadOnlyMemory<byte> json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = json.Length;
        http.Response.BodyWriter.Write(json.Span);
        return Task.CompletedTask;
    }

    private sealed class Scratch
    {
        public Scratch()
        {
            Bytes = new ArrayBufferWriter<byte>(1024);
            Writer = new Utf8JsonWriter(Bytes, Options);
        }

        public ArrayBufferWriter<byte> Bytes { get; }

        public Utf8JsonWriter Writer { get; }

        public void Reset()
        {
            Bytes.ResetWrittenCount();
            Writer.Reset();
        }
    }
}
