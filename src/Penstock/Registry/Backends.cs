using System.Collections.Immutable;
using Penstock.Registry.Reading;

namespace Penstock.Registry;

/// <summary>The engines a deployment can name: one of these, or where it runs before a dash, as in <c>runpod-vllm</c>.</summary>
internal static class Backends
{
    public const string Vllm = "vllm";
    public const string Sglang = "sglang";
    public const string TrtLlm = "trtllm";
    public const string LlamaCpp = "llamacpp";
    public const string Ollama = "ollama";
    public const string LmStudio = "lmstudio";
    public const string Tgi = "tgi";
    public const string Simulator = "simulator";

    /// <summary>Anything that speaks the OpenAI API and is none of the others.</summary>
    public const string OpenAi = "openai";

    public static ImmutableArray<string> Engines { get; } =
    [Vllm, Sglang, TrtLlm, LlamaCpp, Ollama, LmStudio, Tgi, OpenAi, Simulator];

    public static TextForm Form { get; } =
        new(
            $"an engine ({string.Join(", ", Engines)}), or a place and an engine, such as runpod-vllm",
            $@"^([a-z0-9]+-)?({string.Join('|', Engines)})\z",
            63
        );
}
