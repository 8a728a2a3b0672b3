using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Trtllm;

/// <summary>trtllm-serve's error bodies: flat, most of them 400 whatever went wrong.</summary>
internal static class TrtllmErrors
{
    public static HttpReply Reply(int status, string type, string message, string? code = null) =>
        new(status, HttpReply.Json, ErrorJson.Flat(type, message, param: null, code ?? $"{status}"));

    /// <summary>What went wrong while generating: the engine's own faults come as the caller's.</summary>
    public static HttpReply Generation(string message) => Reply(400, "BadRequestError", message);
}
