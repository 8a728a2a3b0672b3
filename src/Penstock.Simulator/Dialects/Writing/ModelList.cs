using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Writing;

/// <summary>The models, alone or in a list; each engine writes cards of its own.</summary>
internal static class ModelList
{
    public static HttpReply One(Action<ByteBuffer> card)
    {
        var output = new ByteBuffer(256);
        card(output);
        return new HttpReply(200, HttpReply.Json, output.ToArray());
    }

    public static HttpReply Of(EngineState engine, Action<ByteBuffer, string> card)
    {
        var output = new ByteBuffer(1024).Add("{\"object\":\"list\",\"data\":["u8);
        for (var i = 0; i < engine.Options.Models.Count; i++)
        {
            output.Add(i == 0 ? ""u8 : ","u8);
            card(output, engine.Options.Models[i]);
        }

        return new HttpReply(200, HttpReply.Json, output.Add("]}"u8).ToArray());
    }
}
