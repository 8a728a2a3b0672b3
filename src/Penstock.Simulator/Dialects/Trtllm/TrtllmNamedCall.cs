using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Trtllm;

/// <summary>The deltas of a named tool choice: without an id, under the index of the choice.</summary>
internal sealed class TrtllmNamedCall : ToolWording
{
    public override byte[] Opening(int index, ToolCall call) =>
        new ByteBuffer(128)
            .Add("{\"tool_calls\":[{\"type\":\"function\",\"index\":0,\"function\":{\"name\":"u8)
            .AddQuoted(call.Name)
            .Add(",\"arguments\":\"\"}}]}"u8)
            .ToArray();
}
