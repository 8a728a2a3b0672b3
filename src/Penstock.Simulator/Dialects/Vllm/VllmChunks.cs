using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>The events of a stream: only keys the real server assigns, some of them null.</summary>
internal sealed class VllmChunks : ChunkWriter
{
    private readonly Answer _answer;
    private readonly VllmRelease _release;
    private readonly byte[] _opening;
    private readonly bool _isPlain;

    public VllmChunks(Answer answer, VllmRelease release)
    {
        _answer = answer;
        _release = release;
        _isPlain = answer.Request is { LogProbs: false, ContinuousUsage: false, ReturnTokenIds: false };
        _opening = new ByteBuffer(192)
            .Add("{\"id\":"u8)
            .AddQuoted(answer.Id)
            .Add(",\"object\":\"chat.completion.chunk\",\"created\":"u8)
            .Add(answer.Created)
            .Add(",\"model\":"u8)
            .AddQuoted(answer.Request.Model)
            .Add(",\"choices\":["u8)
            .ToArray();
    }

    public override bool Role(ByteBuffer output, int choice)
    {
        output.Add(_opening).Add("{\"index\":"u8).Add(choice);
        output.Add(",\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]"u8);
        AddContinuousUsage(output, 0);
        output.Add(",\"prompt_token_ids\":null,\"prompt_text\":null}"u8);
        return true;
    }

    public override bool Token(ByteBuffer output, Choice choice, int position, bool withFinish)
    {
        var step = choice.Steps[position];
        var isLast = position == choice.Steps.Count - 1;
        // A token that shows nothing still goes out with its log-probability, or at the end.
        if (step.Delta is null && !isLast && !_answer.Request.LogProbs && !_answer.Request.ReturnTokenIds)
        {
            return false;
        }

        output
            .Add(_opening)
            .Add("{\"index\":"u8)
            .Add(choice.Index)
            .Add(",\"delta\":"u8)
            .Add(step.Delta ?? "{}"u8.ToArray());
        if (_isPlain && !isLast)
        {
            output.Add(",\"logprobs\":null,\"finish_reason\":null,\"token_ids\":null}]}"u8);
            return true;
        }

        output.Add(",\"logprobs\":"u8).AddLogProbs(_answer.Request, choice, position, 1);
        if (isLast && withFinish)
        {
            output.Add(",\"finish_reason\":"u8).AddQuoted(choice.FinishReason);
            output.Add(",\"stop_reason\":"u8).AddQuoted(choice.StopReason);
        }
        else
        {
            output.Add(",\"finish_reason\":null"u8);
        }

        AddTokenIds(output, choice, position);
        output.Add("}]"u8);
        AddContinuousUsage(output, position + 1);
        if (isLast && withFinish && !_answer.Request.IncludeUsage)
        {
            output.Add(",\"system_fingerprint\":\""u8).Add(_release.Fingerprint).Add((byte)'"');
        }

        output.Add((byte)'}');
        return true;
    }

    public override void Usage(ByteBuffer output)
    {
        output.Add(_opening).Add("],\"usage\":{"u8);
        AddCounts(output, _answer.CompletionTokens);
        if (_release.TellsCachedTokens)
        {
            output.Add(",\"prompt_tokens_details\":"u8);
            VllmAnswer.AddPromptDetails(output, _answer, _release);
        }

        if (_answer.ReasoningTokens > 0)
        {
            output.Add(",\"completion_tokens_details\":{\"reasoning_tokens\":"u8);
            output.Add(_answer.ReasoningTokens).Add((byte)'}');
        }

        output.Add("},\"system_fingerprint\":\""u8).Add(_release.Fingerprint).Add("\"}"u8);
    }

    public override bool Error(ByteBuffer output, string message)
    {
        output.Add(VllmErrors.Body(500, "InternalServerError", message, param: null));
        return true;
    }

    private void AddTokenIds(ByteBuffer output, Choice choice, int position)
    {
        output.Add(",\"token_ids\":"u8);
        if (_answer.Request.ReturnTokenIds)
        {
            VllmAnswer.TokenIds(output, choice, position, 1);
        }
        else
        {
            output.Add("null"u8);
        }
    }

    private void AddContinuousUsage(ByteBuffer output, int completionTokens)
    {
        if (_answer.Request.ContinuousUsage)
        {
            output.Add(",\"usage\":{"u8);
            AddCounts(output, completionTokens);
            output.Add(",\"completion_tokens_details\":null}"u8);
        }
    }

    private void AddCounts(ByteBuffer output, int completionTokens) =>
        output
            .Add("\"prompt_tokens\":"u8)
            .Add(_answer.PromptTokens)
            .Add(",\"total_tokens\":"u8)
            .Add(_answer.PromptTokens + completionTokens)
            .Add(",\"completion_tokens\":"u8)
            .Add(completionTokens);
}
