using System.Text;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>The model cards.</summary>
internal static class VllmModels
{
    public static HttpReply List(EngineState engine) =>
        ModelList.Of(engine, (output, model) => Card(output, engine, model));

    private static void Card(ByteBuffer output, EngineState engine, string model) =>
        output
            .Add("{\"id\":"u8)
            .AddQuoted(model)
            .Add(",\"object\":\"model\",\"created\":"u8)
            .Add(engine.Started)
            .Add(",\"owned_by\":\"vllm\",\"root\":"u8)
            .AddQuoted(model)
            .Add(",\"parent\":null,\"max_model_len\":"u8)
            .Add(engine.Options.MaxModelLen)
            .Add(",\"permission\":[{\"id\":\"modelperm-"u8)
            .Add(Dice.Mix(Dice.Hash(1, Encoding.UTF8.GetBytes(model))).ToString("x16"))
            .Add("\",\"object\":\"model_permission\",\"created\":"u8)
            .Add(engine.Started)
            .Add(
                ",\"allow_create_engine\":false,\"allow_sampling\":true,\"allow_logprobs\":true,\"allow_search_indices\":false,\"allow_view\":true,\"allow_fine_tuning\":false,\"organization\":\"*\",\"group\":null,\"is_blocking\":false}]}"u8
            );
}
