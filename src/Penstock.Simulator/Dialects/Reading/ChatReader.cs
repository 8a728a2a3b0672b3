using System.Text.Json;
using System.Text.Unicode;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>
/// Reads and judges a chat request in the order in which engines do: JSON, rules, types, model, ranges, length. What
/// an engine does in its own way it overrides.
/// </summary>
internal abstract class ChatReader(Complaints complaints, SimulatorOptions options)
{
    protected Complaints Complaints { get; } = complaints;

    protected SimulatorOptions Options { get; } = options;

    public ChatRequest Read(ChatBody body)
    {
        CheckContentType(body.Request);
        var fields = new RequestFields(Parse(body), Complaints);
        CheckRules(fields);
        RefuseUnknown(fields);
        var messages = fields.List("messages") ?? throw fields.Missing("messages");
        var turns = new MessageReader(Complaints).Read(messages, Options.Continuation && Continues(fields));
        var tools = ToolFields.Read(fields);
        var (choice, named) = ToolChoice(fields, tools.Count > 0);
        var model = Model(fields);
        var (usage, everywhere) = Usage(fields);
        var promptTokens =
            turns.Tokens + (tools.Count > 0 ? Tokenizer.Count(fields.List("tools")!.Value.GetRawText()) : 0);
        var request = new ChatRequest
        {
            Model = model,
            Hash = PromptHash.Of(
                (Options.Seed, fields.Integer("seed") ?? 0),
                model,
                messages,
                withoutLast: turns.Beginning is not null
            ),
            PromptTokens = promptTokens,
            MaxTokens = 0,
            MinTokens = (int)Math.Clamp(fields.Integer("min_tokens") ?? 0, 0, int.MaxValue),
            IgnoreEos = fields.Boolean("ignore_eos") ?? false,
            Stop = fields.Strings("stop"),
            IncludeStop = fields.Boolean("include_stop_str_in_output") ?? false,
            N = (int)Math.Clamp(Choices(fields), 1, int.MaxValue),
            LogProbs = fields.Boolean("logprobs") ?? false,
            TopLogProbs = TopLogProbs(fields.Integer("top_logprobs") ?? 0),
            Stream = fields.Boolean("stream") ?? false,
            IncludeUsage = usage,
            ContinuousUsage = everywhere,
            ReturnTokenIds = fields.Boolean("return_token_ids") ?? false,
            Tools = tools,
            ToolChoice = choice,
            NamedTool = named,
            ToolWording = Wording(choice),
            ParallelToolCalls = fields.Boolean("parallel_tool_calls") ?? true,
            Format = Options.StructuredOutput ? Format(fields) : AnswerFormat.Text,
            Conversation = turns.Conversation,
            Beginning = turns.Beginning,
            ReasoningTokens = turns.Beginning is null ? Effort.Tokens(fields) : 0,
            ReasoningKeys = ReasoningKeys,
        };
        CheckTypes(fields);
        CheckModel(model);
        CheckRanges(fields);
        return Fit(fields, request);
    }

    protected abstract ToolWording Wording(ToolChoice choice);

    /// <summary>Where a delta or message keeps what the model thought; none hides it.</summary>
    protected abstract IReadOnlyList<string> ReasoningKeys { get; }

    protected virtual void CheckContentType(HttpRequest request) { }

    /// <summary>What the engine checks on the raw body, before it looks at types.</summary>
    protected virtual void CheckRules(RequestFields fields) { }

    /// <summary>The fields that the engine knows; null where it takes any.</summary>
    protected virtual IReadOnlySet<string>? KnownFields => null;

    protected virtual HttpReply UnknownField(string name) => Complaints.Rule($"unknown field '{name}'", name);

    /// <summary>Fields that change nothing here, but whose type the engine insists on.</summary>
    protected virtual void CheckTypes(RequestFields fields) { }

    protected virtual void CheckModel(string model) { }

    protected virtual void CheckRanges(RequestFields fields) { }

    protected virtual string Model(RequestFields fields) => fields.String("model") ?? Options.Models[0];

    protected virtual bool Continues(RequestFields fields) => false;

    protected virtual long Choices(RequestFields fields) => fields.Integer("n") ?? 1;

    protected virtual int TopLogProbs(long asked) => (int)Math.Clamp(asked, 0, int.MaxValue);

    protected virtual (ToolChoice Choice, string? Name) ToolChoice(RequestFields fields, bool hasTools) =>
        ToolFields.Choice(fields, hasTools);

    protected abstract AnswerFormat Format(RequestFields fields);

    /// <summary>Usage at the end of a stream, and on every chunk of it.</summary>
    protected virtual (bool Usage, bool Everywhere) Usage(RequestFields fields)
    {
        var asked = fields.Within("stream_options");
        var usage = asked?.Boolean("include_usage") ?? false;
        return (usage, usage && Options.ContinuousUsage && (asked?.Boolean("continuous_usage_stats") ?? false));
    }

    /// <summary>How many tokens were asked for and under which name; zero where it is left to the engine.</summary>
    protected virtual (string Field, long Tokens) Asked(RequestFields fields) =>
        fields.Integer("max_completion_tokens") is { } newer
            ? ("max_completion_tokens", newer)
            : ("max_tokens", fields.Integer("max_tokens") ?? 0);

    /// <summary>The request with the room it gets: what was asked for, within what the context leaves.</summary>
    protected virtual ChatRequest Fit(RequestFields fields, ChatRequest request)
    {
        var (field, asked) = Asked(fields);
        // The answer needs one token at least, asked for or not.
        if (request.PromptTokens + Math.Max(asked, 1) > Options.MaxModelLen)
        {
            throw new RefusalException(
                Complaints.TooLong(new ContextOverrun(field, asked, request.PromptTokens, Options.MaxModelLen))
            );
        }

        return request with
        {
            MaxTokens = asked > 0 ? (int)asked : Options.MaxModelLen - request.PromptTokens,
        };
    }

    private void RefuseUnknown(RequestFields fields)
    {
        if (KnownFields is not { } known)
        {
            return;
        }

        foreach (var field in fields.Root.EnumerateObject())
        {
            if (!known.Contains(field.Name))
            {
                throw new RefusalException(UnknownField(field.Name));
            }
        }
    }

    private JsonElement Parse(ChatBody body)
    {
        if (!Utf8.IsValid(body.Request.Body.Span))
        {
            throw new RefusalException(Complaints.NotJson(position: null));
        }

        try
        {
            body.Parse();
        }
        catch (JsonException e)
        {
            throw new RefusalException(Complaints.NotJson(Position(body.Request.Body.Span, e)));
        }

        return body.Root.ValueKind == JsonValueKind.Object
            ? body.Root
            : throw new RefusalException(
                Complaints.WrongType(
                    new TypeMistake("", "model_attributes_type", "Input should be a valid dictionary", body.Root)
                )
            );
    }

    /// <summary>The byte where reading failed: whole lines before it, and what it stands behind in its own.</summary>
    private static long Position(ReadOnlySpan<byte> bytes, JsonException e)
    {
        var at = 0;
        for (var line = e.LineNumber ?? 0; line > 0; line--)
        {
            at += bytes[at..].IndexOf((byte)'\n') + 1;
        }

        return at + (e.BytePositionInLine ?? 0);
    }
}
