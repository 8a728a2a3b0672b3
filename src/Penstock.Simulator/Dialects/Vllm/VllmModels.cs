using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>The model cards.</summary>
internal static class VllmModels
{
    public static HttpReply List(EngineState engine)
    {
        var output = new ByteBuffer(1024).Add("{\"object\":\"list\",\"data\":["u8);
        for (var i = 0; i < engine.Options.Models.Count; i++)
        {
            output.Add(i == 0 ? ""u8 : ","u8);
            Card(output, engine, engine.Options.Models[i]);
        }

        return new HttpReply(200, HttpReply.Json, output.Add("]}"u8).ToArray());
    }

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
            .Add(Dice.Mix(Dice.Hash(1, System.Text.Encoding.UTF8.GetBytes(model))).ToString("x16"))
            .Add("\",\"object\":\"model_permission\",\"created\":"u8)
            .Add(engine.Started)
            .Add(
                ",\"allow_create_engine\":false,\"allow_sampling\":true,\"allow_logprobs\":true,\"allow_search_indices\":false,\"allow_view\":true,\"allow_fine_tuning\":false,\"organization\":\"*\",\"group\":null,\"is_blocking\":false}]}"u8
            );
}
