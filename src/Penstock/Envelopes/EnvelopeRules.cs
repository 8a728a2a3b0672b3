using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Penstock.Envelopes;

/// <summary>
/// One deployment's part in a request: the limits it sets and the bytes it changes. Built when a deployment is, with
/// every replacement spelled out beforehand, so that applying it allocates nothing. Immutable.
/// </summary>
internal sealed class EnvelopeRules
{
    private static readonly byte[] True = "true"u8.ToArray();
    private static readonly byte[] False = "false"u8.ToArray();
    private static readonly byte[] OlderName = ",\"max_tokens\":"u8.ToArray();
    private static readonly byte[] Open = "["u8.ToArray();
    private static readonly byte[] Close = "]"u8.ToArray();

    // With the comma that goes before a further member; the first of its object does without.
    private static readonly byte[] IncludeUsage = ",\"include_usage\":true"u8.ToArray();
    private static readonly byte[] ContinuousUsage = ",\"continuous_usage_stats\":true"u8.ToArray();
    private static readonly byte[] Both = [.. IncludeUsage, .. ContinuousUsage];

    private readonly EnvelopeTerms _terms;
    private readonly AdditionTable _additions;
    private readonly byte[] _modelUtf8;
    private readonly byte[] _modelJson;
    private readonly ulong _leftOut;

    public EnvelopeRules(EnvelopeTerms terms)
    {
        _terms = terms;
        _additions = new AdditionTable(terms);
        _leftOut = NotedFields.Bits(terms.LeftOut);
        _modelUtf8 = Encoding.UTF8.GetBytes(terms.UpstreamModel);

        // The body is JSON, never HTML: only what JSON itself wants escaped is escaped.
        var model = JsonEncodedText.Encode(terms.UpstreamModel, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        _modelJson = [(byte)'"', .. model.EncodedUtf8Bytes, (byte)'"'];
    }

    /// <summary>
    /// Tokens that one answer may have: the caller's word, else the deployment's; null: the engine's.
    /// </summary>
    public long? MaxTokens(in RequestEnvelope envelope) => envelope.MaxTokens ?? _terms.MaxTokens;

    /// <summary>What this deployment does not take, though the contract does.</summary>
    public EnvelopeRefusal? Refuse(in RequestEnvelope envelope, ReadOnlySpan<byte> body)
    {
        if (envelope.TopLogprobs > _terms.TopLogprobs)
        {
            return OutOfLimit("top_logprobs", new IntegerRange(0, _terms.TopLogprobs), envelope.TopLogprobs);
        }

        if (envelope.N > _terms.N)
        {
            return OutOfLimit("n", new IntegerRange(1, _terms.N), envelope.N);
        }

        return ToolChoiceRules.Refuse(_terms.ToolChoice, envelope, body);
    }

    /// <summary>The noted fields of this request that are left out: they ask nothing of an engine.</summary>
    public ulong LeftOut(in RequestEnvelope envelope) => envelope.Noted & _leftOut;

    /// <summary>Makes of the caller's bytes what the engine gets: the same with this deployment's few changes.</summary>
    public void Apply(in RequestEnvelope envelope, SplicedBody spliced)
    {
        if (!envelope.Model.Means(spliced.Body.Span, _modelUtf8))
        {
            spliced.Replace(envelope[EnvelopeField.Model], _modelJson);
        }

        SpliceForEngine(spliced, envelope);
        var additions =
            SpliceMaxTokens(spliced, envelope)
            | Default(spliced, envelope[EnvelopeField.Temperature], _additions.Temperature, Additions.Temperature)
            | Default(spliced, envelope[EnvelopeField.TopP], _additions.TopP, Additions.TopP)
            | SpliceUsage(spliced, envelope);
        if (additions != Additions.None)
        {
            spliced.Insert(envelope.ClosingBrace, _additions[additions]);
        }
    }

    private static EnvelopeRefusal OutOfLimit(string param, IntegerRange range, long got) =>
        EnvelopeRefusal.WrongValue(param, $"{range} for this model", got.ToString(CultureInfo.InvariantCulture));

    /// <summary>What the kind of engine wants, whatever the deployment: nothing, most of the time.</summary>
    private void SpliceForEngine(SplicedBody spliced, in RequestEnvelope envelope)
    {
        var leftOut = LeftOut(envelope);
        var cut = CutFor(envelope, spliced.Body.Span);
        if ((leftOut | cut) != 0)
        {
            MemberCuts.Cut(spliced, leftOut, cut);
        }

        if (_terms.RefusesNulls)
        {
            NullDefaults.Splice(spliced, envelope);
        }

        if (
            _terms.WantsStopAsList
            && envelope[EnvelopeField.Stop] is { IsGiven: true } stop
            && spliced.Body.Span[stop.Start] == '"'
        )
        {
            spliced.Insert(stop.Start, Open);
            spliced.Insert(stop.End, Close);
        }

        ToolChoiceRules.Splice(_terms.ToolChoice, spliced, envelope);
    }

    /// <summary>Fields of ours that this engine is better off without.</summary>
    private ulong CutFor(in RequestEnvelope envelope, ReadOnlySpan<byte> body)
    {
        var cut = 0UL;
        if (_terms.RefusesTopPOfOne && IsOne(envelope[EnvelopeField.TopP], body))
        {
            cut |= MemberCuts.Bit(EnvelopeField.TopP);
        }

        // Not both names: a reader to which they are one field would meet it twice.
        if (_terms.KnowsMaxTokensOnly && envelope[EnvelopeField.MaxCompletionTokens].IsGiven)
        {
            cut |= MemberCuts.Bit(EnvelopeField.MaxCompletionTokens);
        }

        return ToolChoiceRules.NeedsNoTools(_terms.ToolChoice, envelope, body)
            ? cut | MemberCuts.Bit(EnvelopeField.Tools)
            : cut;
    }

    private static bool IsOne(FieldSpot spot, ReadOnlySpan<byte> body) =>
        spot.IsGiven && double.Parse(body.Slice(spot.Start, spot.Length), CultureInfo.InvariantCulture) == 1;

    private Additions SpliceMaxTokens(SplicedBody spliced, in RequestEnvelope envelope)
    {
        var older = envelope[EnvelopeField.MaxTokens];
        var newer = envelope[EnvelopeField.MaxCompletionTokens];
        if (!newer.IsGiven)
        {
            return Default(spliced, older, _additions.MaxTokens, Additions.MaxTokens);
        }

        // Engines differ in which of the two names wins, so the older is made to agree with the newer.
        var wanted = spliced.Body.Slice(newer.Start, newer.Length);
        if (_terms.KnowsMaxTokensOnly)
        {
            Rename(spliced, older, wanted, envelope.ClosingBrace);
        }
        else if (older.IsGiven && !wanted.Span.SequenceEqual(spliced.Body.Span.Slice(older.Start, older.Length)))
        {
            spliced.Replace(older, wanted);
        }

        return Additions.None;
    }

    private static void Rename(SplicedBody spliced, FieldSpot older, ReadOnlyMemory<byte> wanted, int end)
    {
        if (!older.IsAbsent)
        {
            spliced.Replace(older, wanted);
            return;
        }

        spliced.Insert(end, OlderName);
        spliced.Insert(end, wanted);
    }

    private Additions SpliceUsage(SplicedBody spliced, in RequestEnvelope envelope)
    {
        var options = envelope[EnvelopeField.StreamOptions];
        if (!envelope.Stream || !_terms.UsageOnStreams || envelope.IncludeUsage)
        {
            return Additions.None;
        }

        if (!options.IsGiven)
        {
            return Default(spliced, options, _additions.AskForUsage, Additions.StreamOptions);
        }

        SpliceMembers(spliced, envelope, options);
        return Additions.None;
    }

    /// <summary>Into options that the caller has. What comes back for it is hidden from the caller again.</summary>
    private void SpliceMembers(SplicedBody spliced, in RequestEnvelope envelope, FieldSpot options)
    {
        var continuous = envelope.ContinuousUsageSpot;
        if (!envelope.IncludeUsageSpot.IsAbsent)
        {
            spliced.Replace(envelope.IncludeUsageSpot, True);
        }

        if (!continuous.IsAbsent && envelope.ContinuousUsage != _terms.ContinuousUsage)
        {
            // Without include_usage this one sleeps: our asking must not wake it where it is not wanted.
            spliced.Replace(continuous, _terms.ContinuousUsage ? True : False);
        }

        var missing = (envelope.IncludeUsageSpot.IsAbsent, continuous.IsAbsent && _terms.ContinuousUsage) switch
        {
            (true, true) => Both,
            (true, false) => IncludeUsage,
            (false, true) => ContinuousUsage,
            _ => null,
        };
        if (missing is not null)
        {
            spliced.Insert(options.End - 1, missing.AsMemory(envelope.StreamOptionsAreEmpty ? 1 : 0));
        }
    }

    // A null makes way for the default: of a second name beside it, parsers would take the one or the other.
    private static Additions Default(SplicedBody spliced, FieldSpot spot, byte[]? value, Additions addition)
    {
        if (value is null || spot.IsGiven)
        {
            return Additions.None;
        }

        if (spot.IsAbsent)
        {
            return addition;
        }

        spliced.Replace(spot, value);
        return Additions.None;
    }
}
