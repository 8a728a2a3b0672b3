using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Runpod;

/// <summary>vLLM's events, until the job fails: then the job's error stands where the stream would go on.</summary>
internal sealed class RunpodChunks(ChunkWriter vllm) : ChunkWriter
{
    public override bool Role(ByteBuffer output, int choice) => vllm.Role(output, choice);

    public override bool Token(ByteBuffer output, Choice choice, int position, bool withFinish) =>
        vllm.Token(output, choice, position, withFinish);

    public override void Usage(ByteBuffer output) => vllm.Usage(output);

    public override bool Error(ByteBuffer output, string message)
    {
        RunpodErrors.AddEvent(output, message);
        return true;
    }
}
