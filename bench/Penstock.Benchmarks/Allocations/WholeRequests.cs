using Penstock.Benchmarks.Gateways;

namespace Penstock.Benchmarks.Allocations;

/// <summary>What a request and a chunk allocate in the whole process, on every thread.</summary>
internal static class WholeRequests
{
    private const int SmallPrompt = 300;
    private const int LargePrompt = 256 * 1024;
    private const int Requests = 500;
    private const int FewChunks = 20;
    private const int ManyChunks = 520;
    private const int Streams = 10;

    public static IEnumerable<(string Name, double Bytes)> Measure(GatewayAndPlainServer pair)
    {
        yield return ("json_request", Request(pair, SmallPrompt));
        yield return ("json_request_256k", Request(pair, LargePrompt));
        yield return ("streamed_chunk", Chunk(pair));
    }

    /// <summary>A request through the gateway, less what the framework spends on one with the same bytes.</summary>
    private static double Request(GatewayAndPlainServer pair, int prompt)
    {
        using var client = new WireClient(pair.Gateway, prompt, stream: false);
        using var plain = new WireClient(pair.Plain, prompt, stream: false);
        return Allocated.ByAllThreads(Requests, client.Ask) - Allocated.ByAllThreads(Requests, plain.Ask);
    }

    /// <summary>The difference between long and short streams: what is left is the chunks'.</summary>
    private static double Chunk(GatewayAndPlainServer pair)
    {
        using var client = new WireClient(pair.Gateway, SmallPrompt, stream: true);
        var few = Stream(FewChunks);
        return (Stream(ManyChunks) - few) / (ManyChunks - FewChunks);

        double Stream(int chunks)
        {
            pair.Engine.Chunks = chunks;
            return Allocated.ByAllThreads(Streams, () => Relay(pair.Engine, client, chunks));
        }
    }

    /// <summary>Each chunk is let out when the one before has arrived, so that each is a read of its own.</summary>
    private static void Relay(ScriptedEngine engine, WireClient client, int chunks)
    {
        client.Send();
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            engine.Go();
            client.ReadTo("}\n\n\r\n"u8);
        }
        engine.Go();
        client.ReadTo("0\r\n\r\n"u8);
    }
}
