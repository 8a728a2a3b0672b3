using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Writing;

/// <summary>The three counts of usage, in the two orders that engines write them.</summary>
internal static class UsageJson
{
    /// <summary>Prompt, total, completion: as the Python servers have it. The object stays open.</summary>
    public static ByteBuffer AddCounts(this ByteBuffer output, Answer answer, int completionTokens) =>
        output
            .Add("{\"prompt_tokens\":"u8)
            .Add(answer.PromptTokens)
            .Add(",\"total_tokens\":"u8)
            .Add(answer.PromptTokens + completionTokens)
            .Add(",\"completion_tokens\":"u8)
            .Add(completionTokens);

    /// <summary>Prompt, completion, total. The object stays open.</summary>
    public static ByteBuffer AddSum(this ByteBuffer output, Answer answer) =>
        output
            .Add("{\"prompt_tokens\":"u8)
            .Add(answer.PromptTokens)
            .Add(",\"completion_tokens\":"u8)
            .Add(answer.CompletionTokens)
            .Add(",\"total_tokens\":"u8)
            .Add(answer.PromptTokens + answer.CompletionTokens);
}
