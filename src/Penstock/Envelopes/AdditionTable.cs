using System.Globalization;
using System.Text;

namespace Penstock.Envelopes;

/// <summary>
/// A deployment's defaults as they are spelled in a body: one by one, in place of a null, and joined for each
/// combination that may have to go before the closing brace. Built once.
/// </summary>
internal sealed class AdditionTable
{
    private readonly byte[][] _joined;

    public AdditionTable(EnvelopeTerms terms)
    {
        MaxTokens = Spell(terms.MaxTokens);
        Temperature = Spell(terms.Temperature);
        TopP = Spell(terms.TopP);
        AskForUsage = terms.ContinuousUsage
            ? """{"include_usage":true,"continuous_usage_stats":true}"""u8.ToArray()
            : """{"include_usage":true}"""u8.ToArray();
        _joined = [.. Enumerable.Range(0, (int)Additions.All + 1).Select(set => Join((Additions)set))];
    }

    /// <summary><c>stream_options</c> as they are where the caller has none.</summary>
    public byte[] AskForUsage { get; }

    public byte[]? MaxTokens { get; }
    public byte[]? Temperature { get; }
    public byte[]? TopP { get; }

    /// <summary>The members to add, each after a comma: the root object holds a model and messages already.</summary>
    public ReadOnlyMemory<byte> this[Additions additions] => _joined[(int)additions];

    // Invariant and shortest: 1 and 0.7, never 1.0 or 0,7.
    private static byte[]? Spell<T>(T? value)
        where T : struct, IFormattable =>
        value is { } number ? Encoding.ASCII.GetBytes(number.ToString(null, CultureInfo.InvariantCulture)) : null;

    private byte[] Join(Additions additions)
    {
        var members = new StringBuilder();
        Append(Additions.MaxTokens, EnvelopeField.MaxTokens, MaxTokens);
        Append(Additions.Temperature, EnvelopeField.Temperature, Temperature);
        Append(Additions.TopP, EnvelopeField.TopP, TopP);
        Append(Additions.StreamOptions, EnvelopeField.StreamOptions, AskForUsage);
        return Encoding.ASCII.GetBytes(members.ToString());

        void Append(Additions addition, EnvelopeField field, byte[]? value)
        {
            if (additions.HasFlag(addition) && value is not null)
            {
                members.Append($",\"{EnvelopeNames.Of(field)}\":{Encoding.ASCII.GetString(value)}");
            }
        }
    }
}
