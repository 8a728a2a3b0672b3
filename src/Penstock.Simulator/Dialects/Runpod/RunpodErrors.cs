using System.Text;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Runpod;

/// <summary>
/// What becomes of an error on RunPod's queue: the engine's status and body end up inside a sentence inside a text, under
/// a status that says nothing.
/// </summary>
internal static class RunpodErrors
{
    private const string WorkerError = "worker_error";

    public static readonly HttpReply Unauthorized = Edge(401, "Unauthorized");

    public static readonly HttpReply NoEndpoint = Edge(404, "endpoint not found");

    /// <summary>What the edge says itself.</summary>
    public static HttpReply Edge(int status, string message) => ErrorJson.Text(status, message);

    /// <summary>A job that failed because the engine behind it answered with an error.</summary>
    public static HttpReply Job(SimulatorOptions options, HttpReply answer)
    {
        var sentence = $"vLLM returned HTTP {answer.Status}: {Encoding.UTF8.GetString(answer.Body.Span)}";
        var status = options.FailedJobStatus;
        return options.JobErrors switch
        {
            JobErrorForm.Json => ErrorJson.Wrapped(status, WorkerError, sentence),
            JobErrorForm.Traceback => Edge(status, Traceback(sentence)),
            _ => Edge(status, $"{{'message': {PythonRepr.Of(sentence)}, 'type': '{WorkerError}', 'code': None}}"),
        };
    }

    /// <summary>As an event of a stream that had begun.</summary>
    public static void AddEvent(ByteBuffer output, string message) =>
        output
            .Add("{\"error\":"u8)
            .AddQuoted($"{{'message': {PythonRepr.Of(message)}, 'type': '{WorkerError}', 'code': None}}")
            .Add((byte)'}');

    private static string Traceback(string sentence) =>
        "Traceback (most recent call last):\n"
        + "  File \"/src/handler.py\", line 212, in handler\n    async for piece in relay(job):\n"
        + "  File \"/src/handler.py\", line 167, in relay\n    raise RuntimeError(text)\n"
        + $"RuntimeError: {sentence}\n";
}
