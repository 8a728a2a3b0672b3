using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>The whole answer as JSON, with every null the real one has.</summary>
internal static class VllmAnswer
{
    public static void Write(ByteBuffer output, Answer answer, bool withUsage)
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
            WriteChoice(output, answer, choice);
        }

        output.Add("],\"service_tier\":null,\"system_fingerprint\":\""u8).Add(VllmDialect.Fingerprint).Add((byte)'"');
        if (withUsage)
        {
            output
                .Add(",\"usage\":{\"prompt_tokens\":"u8)
                .Add(answer.PromptTokens)
                .Add(",\"total_tokens\":"u8)
                .Add(answer.PromptTokens + answer.CompletionTokens)
                .Add(",\"completion_tokens\":"u8)
                .Add(answer.CompletionTokens)
                .Add(",\"prompt_tokens_details\":null,\"completion_tokens_details\":null}"u8);
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

    private static void WriteChoice(ByteBuffer output, Answer answer, Choice choice)
    {
        output.Add("{\"index\":"u8).Add(choice.Index).Add(",\"message\":{\"role\":\"assistant\",\"content\":"u8);
        WriteContent(output, choice);
        output.Add(",\"refusal\":null,\"annotations\":null,\"audio\":null,\"function_call\":null,"u8);
        WriteToolCalls(output, choice.ToolCalls);
        output.Add("\"reasoning\":null},\"logprobs\":"u8);
        if (answer.Request.LogProbs)
        {
            VllmLogProbs.Write(output, choice, 0, choice.Steps.Count, answer.Request.TopLogProbs);
        }
        else
        {
            output.Add("null"u8);
        }

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

    private static void WriteContent(ByteBuffer output, Choice choice)
    {
        if (!choice.IsPlain)
        {
            output.AddQuoted(choice.Content);
            return;
        }

        output.Add((byte)'"');
        foreach (var step in choice.Steps)
        {
            output.Add(step.Token.JsonText);
        }

        output.Add((byte)'"');
    }

    private static void WriteToolCalls(ByteBuffer output, IReadOnlyList<ToolCall> calls)
    {
        if (calls.Count == 0)
        {
            return;
        }

        output.Add("\"tool_calls\":["u8);
        for (var i = 0; i < calls.Count; i++)
        {
            output
                .Add(i == 0 ? "{\"id\":"u8 : ",{\"id\":"u8)
                .AddQuoted(calls[i].Id)
                .Add(",\"type\":\"function\",\"function\":{\"name\":"u8);
            output.AddQuoted(calls[i].Name).Add(",\"arguments\":"u8).AddQuoted(calls[i].Arguments).Add("}}"u8);
        }

        output.Add("],"u8);
    }
}
