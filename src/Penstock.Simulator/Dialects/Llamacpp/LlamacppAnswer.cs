using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Llamacpp;

/// <summary>llama-server's whole answer, in its order of keys, with its timings.</summary>
internal sealed class LlamacppAnswer(SimulatorOptions options)
{
    public string Fingerprint { get; } = options.EngineVersion ?? "b6240-54a241f5";

    public void Write(ByteBuffer output, Answer answer, bool withUsage)
    {
        output.Add("{\"choices\":["u8);
        foreach (var choice in answer.Choices)
        {
            output.Add(choice.Index == 0 ? "{\"finish_reason\":"u8 : ",{\"finish_reason\":"u8);
            output.AddQuoted(choice.FinishReason).Add(",\"index\":"u8).Add(choice.Index);
            output.Add(",\"message\":{\"role\":\"assistant\",\"content\":"u8);
            if (choice.ToolCalls.Count > 0)
            {
                output.Add("null"u8);
            }
            else
            {
                output.AddContent(choice);
            }

            if (choice.Reasoning is not null)
            {
                output.Add(",\"reasoning_content\":"u8).AddQuoted(choice.Reasoning);
            }

            if (choice.ToolCalls.Count > 0)
            {
                output.Add(",\"tool_calls\":"u8).AddToolCalls(choice.ToolCalls, withIndex: false);
            }

            output.Add((byte)'}');
            if (answer.Request.LogProbs)
            {
                output.Add(",\"logprobs\":"u8).AddLogProbs(answer.Request, choice);
            }

            output.Add((byte)'}');
        }

        output.Add("],\"created\":"u8).Add(answer.Created).Add(",\"model\":"u8).AddQuoted(answer.Request.Model);
        output.Add(",\"system_fingerprint\":"u8).AddQuoted(Fingerprint).Add(",\"object\":\"chat.completion\""u8);
        if (withUsage)
        {
            AddUsage(output, answer);
        }

        output.Add(",\"id\":"u8).AddQuoted(answer.Id);
        AddTimings(output, answer);
        output.Add((byte)'}');
    }

    public static void AddUsage(ByteBuffer output, Answer answer) =>
        output
            .Add(",\"usage\":{\"completion_tokens\":"u8)
            .Add(answer.CompletionTokens)
            .Add(",\"prompt_tokens\":"u8)
            .Add(answer.PromptTokens)
            .Add(",\"total_tokens\":"u8)
            .Add(answer.PromptTokens + answer.CompletionTokens)
            .Add(",\"prompt_tokens_details\":{\"cached_tokens\":"u8)
            .Add(answer.CachedTokens)
            .Add("}}"u8);

    public void AddTimings(ByteBuffer output, Answer answer)
    {
        var prompt = answer.PromptTokens - answer.CachedTokens;
        output.Add(",\"timings\":{\"cache_n\":"u8).Add(answer.CachedTokens);
        AddPhase(output, "prompt", prompt, options.Ttft.TotalMilliseconds);
        AddPhase(output, "predicted", answer.CompletionTokens, options.Itl.TotalMilliseconds * answer.CompletionTokens);
        output.Add((byte)'}');
    }

    private static void AddPhase(ByteBuffer output, string phase, int tokens, double milliseconds) =>
        output
            .Add($",\"{phase}_n\":")
            .Add(tokens)
            .Add($",\"{phase}_ms\":")
            .Add(milliseconds)
            .Add($",\"{phase}_per_token_ms\":")
            .Add(tokens > 0 ? milliseconds / tokens : 0)
            .Add($",\"{phase}_per_second\":")
            .Add(milliseconds > 0 ? tokens * 1000 / milliseconds : 0);
}
