using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>
/// Reads and judges a chat request in the order in which vLLM does: JSON, rules, types, model, length, ranges.
/// </summary>
internal static class VllmChatReader
{
    public static ChatRequest Read(ChatBody body, EngineState engine)
    {
        CheckContentType(body);
        var fields = new VllmFields(Parse(body));
        VllmRules.Check(fields);
        var messages =
            fields.List("messages") ?? throw VllmFields.Wrong("messages", "missing", "Field required", body.Root);
        var (conversation, promptTokens) = VllmMessages.Read(messages);
        var tools = VllmTools.Read(fields);
        var (choice, named) = VllmTools.Choice(fields, tools.Count > 0);
        promptTokens += tools.Count > 0 ? Tokenizer.Count(fields.List("tools")!.Value.GetRawText()) : 0;
        var (usage, everywhere) = Usage(fields);
        var request = new ChatRequest
        {
            Model = Model(fields, engine),
            Hash = Hash(fields, messages, engine),
            PromptTokens = promptTokens,
            MaxTokens = 0,
            MinTokens = (int)Math.Clamp(fields.Integer("min_tokens") ?? 0, 0, int.MaxValue),
            IgnoreEos = fields.Boolean("ignore_eos") ?? false,
            Stop = fields.Strings("stop"),
            IncludeStop = fields.Boolean("include_stop_str_in_output") ?? false,
            N = (int)Math.Clamp(fields.Integer("n") ?? 1, 0, int.MaxValue),
            LogProbs = fields.Boolean("logprobs") ?? false,
            TopLogProbs = TopLogProbs(fields.Integer("top_logprobs") ?? 0),
            Stream = fields.Boolean("stream") ?? false,
            IncludeUsage = usage,
            ContinuousUsage = everywhere,
            ReturnTokenIds = fields.Boolean("return_token_ids") ?? false,
            Tools = tools,
            ToolChoice = choice,
            NamedTool = named,
            ParallelToolCalls = fields.Boolean("parallel_tool_calls") ?? true,
            Format = VllmTools.Format(fields),
            Conversation = conversation,
        };
        CheckTypes(fields);
        CheckModel(request, engine);
        VllmSampling.Check(fields);
        return request with { MaxTokens = VllmContext.MaxTokens(fields, promptTokens, engine.Options.MaxModelLen) };
    }

    /// <summary>Minus one asks for the whole vocabulary; it gets the most that may be asked for by number.</summary>
    private static int TopLogProbs(long asked) =>
        (int)(asked < 0 ? VllmSampling.MaxLogProbs : Math.Min(asked, int.MaxValue));

    /// <summary>
    /// Stream options that do not mention usage ask for it; usage on every chunk needs usage at all.
    /// </summary>
    private static (bool Usage, bool Everywhere) Usage(VllmFields fields)
    {
        if (fields.Object("stream_options") is not { } given)
        {
            return (false, false);
        }

        var options = new VllmFields(given);
        var usage = options.Boolean("include_usage") ?? !options.Has("include_usage");
        return (usage, usage && (options.Boolean("continuous_usage_stats") ?? false));
    }

    private static void CheckContentType(ChatBody body)
    {
        var type = body.Request.Header("Content-Type")?.Split(';')[0].Trim() ?? "";
        if (!type.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusalException(
                VllmErrors.Validation("Unsupported Media Type: Only 'application/json' is allowed", param: null)
            );
        }
    }

    private static JsonElement Parse(ChatBody body)
    {
        if (!Utf8.IsValid(body.Request.Body.Span))
        {
            throw new RefusalException(VllmErrors.Phrase(400, "There was an error parsing the body"));
        }

        try
        {
            body.Parse();
        }
        catch (JsonException e)
        {
            var at = Position(body.Request.Body.Span, e);
            throw new RefusalException(
                VllmErrors.Validation(
                    $"1 validation error:\n  {{'type': 'json_invalid', 'loc': ('body', {at}), 'msg': 'JSON decode error', 'input': {{}}, 'ctx': {{'error': 'Expecting value'}}}}",
                    $"body.{at}"
                )
            );
        }

        return body.Root.ValueKind == JsonValueKind.Object
            ? body.Root
            : throw new RefusalException(
                VllmErrors.Validation(
                    "1 validation error:\n  {'type': 'model_attributes_type', 'loc': ('body',), 'msg': 'Input should be a valid dictionary or object to extract fields from'}",
                    "body"
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

    private static string Model(VllmFields fields, EngineState engine) =>
        fields.String("model") ?? engine.Options.Models[0];

    private static void CheckModel(ChatRequest request, EngineState engine)
    {
        if (!engine.Options.Models.Contains(request.Model, StringComparer.Ordinal))
        {
            throw new RefusalException(VllmErrors.UnknownModel(request.Model));
        }
    }

    /// <summary>Fields that change nothing here, but whose type vLLM insists on.</summary>
    private static void CheckTypes(VllmFields fields)
    {
        fields.Object("logit_bias");
        fields.Integer("seed");
        fields.String("user");
        fields.Integer("priority");
        fields.String("cache_salt");
        fields.Object("chat_template_kwargs");
        fields.Object("kv_transfer_params");
    }

    private static ulong Hash(VllmFields fields, JsonElement messages, EngineState engine)
    {
        var seed = Dice.Mix((ulong)engine.Options.Seed) ^ Dice.Mix((ulong)(fields.Integer("seed") ?? 0) + 1);
        var hash = Dice.Hash(seed, Encoding.UTF8.GetBytes(Model(fields, engine)));
        return Dice.Hash(hash, JsonMarshal.GetRawUtf8Value(messages));
    }
}
