using System.Text;

namespace Loire.EventLog;

/// <summary>UTF-8 that refuses unpaired surrogates, so that no text comes back other than it went in.</summary>
internal static class StrictUtf8
{
    public static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The size of a text in bytes.</summary>
    /// <exception cref="ArgumentException">The text is not valid Unicode.</exception>
    public static int Measure(string? text, string what)
    {
        try
        {
            return text is null ? 0 : Encoding.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{what} holds an unpaired surrogate.", nameof(text), e);
        }
    }
}
