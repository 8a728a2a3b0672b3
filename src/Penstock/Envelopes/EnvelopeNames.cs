using System.Text;
using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>Finds the field that a top-level name stands for, without allocating.</summary>
internal static class EnvelopeNames
{
    private static readonly string[] All =
    [
        "",
        "model",
        "messages",
        "stream",
        "stream_options",
        "max_tokens",
        "max_completion_tokens",
        "temperature",
        "top_p",
        "stop",
        "tools",
        "tool_choice",
        "response_format",
        "seed",
        "logprobs",
        "top_logprobs",
        "n",
        "presence_penalty",
        "frequency_penalty",
        "user",
        .. EngineControls.Table,
        .. NotedFields.Table,
    ];

    /// <summary>This and what follows: <see cref="NotedFields"/>, in their order.</summary>
    public static EnvelopeField FirstNoted { get; } =
        (EnvelopeField)((int)EnvelopeField.FirstEngineControl + EngineControls.Table.Length);

    private static readonly int Longest = All.Max(static name => name.Length);

    // Names by length: a look-up compares with three or four of them at most.
    private static readonly (byte[] Utf8, EnvelopeField Field)[][] ByLength =
    [
        .. Enumerable
            .Range(0, Longest + 1)
            .Select(static length =>
                All.Index()
                    .Where(entry => length > 0 && entry.Item.Length == length)
                    .Select(static entry => (Encoding.UTF8.GetBytes(entry.Item), (EnvelopeField)entry.Index))
                    .ToArray()
            ),
    ];

    public static string Of(EnvelopeField field) => All[(int)field];

    private static EnvelopeField Find(ReadOnlySpan<byte> name)
    {
        if (name.Length <= Longest)
        {
            foreach (ref readonly var entry in ByLength[name.Length].AsSpan())
            {
                if (name.SequenceEqual(entry.Utf8))
                {
                    return entry.Field;
                }
            }
        }

        return EnvelopeField.Unknown;
    }

    /// <summary>
    /// The field that a name stands for; refused when only a reader that ignores case would take it for one.
    /// </summary>
    public static EnvelopeRefusal? Resolve(ReadOnlySpan<byte> json, JsonText name, out EnvelopeField field)
    {
        var raw = name.Raw(json);
        field = name.IsEscaped ? EnvelopeField.Unknown : Find(raw);
        return field != EnvelopeField.Unknown || NameFolding.IsPlain(raw)
            ? null
            : ResolveSpelling(json, name, out field);
    }

    private static EnvelopeRefusal? ResolveSpelling(ReadOnlySpan<byte> json, JsonText name, out EnvelopeField field)
    {
        Span<byte> scratch = stackalloc byte[NameFolding.LongestName];
        Span<byte> folded = stackalloc byte[NameFolding.LongestName];
        field = EnvelopeField.Unknown;
        if (!NameFolding.TryDecode(json, name, scratch, out var decoded))
        {
            return null;
        }

        field = Find(decoded);
        if (field != EnvelopeField.Unknown)
        {
            return null;
        }

        var taken = Find(NameFolding.Fold(decoded, folded));
        // What is only noted is the engine's business in any spelling.
        return taken == EnvelopeField.Unknown || taken >= FirstNoted ? null : NameFolding.Misspelled(Of(taken));
    }
}
