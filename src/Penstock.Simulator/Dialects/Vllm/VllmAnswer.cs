using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>The whole answer as JSON, with every null the real one has.</summary>
internal static class VllmAnswer
{
    public static void Write(ByteBuffer output, Answer answer, VllmRelease release, bool withUsage)
    {
        output
            .Add("{\"id\":"u8)
            .AddQuoted(answer.Id)
            .Add(",\"object\":\"chat.completion\",\"created\":"u8)
            .Add(answer.Created)
            .Add(",\"model\":"u8)
            .AddQuoted(answer.Request.Model)
            .Add(",\"choices\":["u8);
        foreach (var choice in answer.Choices)
        {
            output.Add(choice.Index == 0 ? ""u8 : ","u8);
            WriteChoice(output, answer, release, choice);
        }

        output.Add("],\"service_tier\":null,\"system_fingerprint\":\""u8).Add(release.Fingerprint).Add((byte)'"');
        if (withUsage)
        {
            output
                .Add(",\"usage\":{\"prompt_tokens\":"u8)
                .Add(answer.PromptTokens)
                .Add(",\"total_tokens\":"u8)
                .Add(answer.PromptTokens + answer.CompletionTokens)
                .Add(",\"completion_tokens\":"u8)
                .Add(answer.CompletionTokens)
                .Add(",\"prompt_tokens_details\":"u8);
            AddPromptDetails(output, answer, release);
            output.Add(",\"completion_tokens_details\":"u8);
            AddCompletionDetails(output, answer);
            output.Add((byte)'}');
        }

        output.Add(
            ",\"prompt_logprobs\":null,\"prompt_token_ids\":null,\"prompt_text\":null,\"kv_transfer_params\":null,\"ec_transfer_params\":null}"u8
        );
    }

    public static void TokenIds(ByteBuffer output, Choice choice, int from, int count)
    {
        output.Add((byte)'[');
        for (var i = from; i < from + count; i++)
        {
            output.Add(i == from ? ""u8 : ","u8).Add(choice.Steps[i].Token.Id);
        }

        output.Add((byte)']');
    }

    private static void WriteChoice(ByteBuffer output, Answer answer, VllmRelease release, Choice choice)
    {
        output.Add("{\"index\":"u8).Add(choice.Index).Add(",\"message\":{\"role\":\"assistant\",\"content\":"u8);
        output.AddContent(choice);
        output.Add(",\"refusal\":null,\"annotations\":null,\"audio\":null,\"function_call\":null,"u8);
        WriteToolCalls(output, choice.ToolCalls);
        output.Add((byte)'"').Add(release.ReasoningKey).Add("\":"u8).AddQuoted(choice.Reasoning);
        output.Add("},\"logprobs\":"u8).AddLogProbs(answer.Request, choice);
        output.Add(",\"finish_reason\":"u8).AddQuoted(choice.FinishReason);
        output.Add(",\"stop_reason\":"u8).AddQuoted(choice.StopReason).Add(",\"token_ids\":"u8);
        if (answer.Request.ReturnTokenIds)
        {
            TokenIds(output, choice, 0, choice.Steps.Count);
        }
        else
        {
            output.Add("null"u8);
        }

        output.Add(",\"routed_experts\":null}"u8);
    }

    public static void AddPromptDetails(ByteBuffer output, Answer answer, VllmRelease release)
    {
        if (!release.TellsCachedTokens)
        {
            output.Add("null"u8);
            return;
        }

        output
            .Add("{\"cached_tokens\":"u8)
            .Add(answer.CachedTokens)
            .Add(",\"created_cache_tokens\":null,\"multimodal_tokens\":null}"u8);
    }

    private static void AddCompletionDetails(ByteBuffer output, Answer answer)
    {
        if (answer.ReasoningTokens == 0)
        {
            output.Add("null"u8);
            return;
        }

        output.Add("{\"reasoning_tokens\":"u8).Add(answer.ReasoningTokens).Add((byte)'}');
    }

    private static void WriteToolCalls(ByteBuffer output, IReadOnlyList<ToolCall> calls)
    {
        if (calls.Count > 0)
        {
            output.Add("\"tool_calls\":"u8).AddToolCalls(calls, withIndex: false).Add((byte)',');
        }
    }
}
