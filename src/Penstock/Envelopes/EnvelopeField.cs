namespace Penstock.Envelopes;

/// <summary>The fields of a chat completion that the gateway reads; every other one is the engine's business.</summary>
internal enum EnvelopeField : byte
{
    Unknown,
    Model,
    Messages,
    Stream,
    StreamOptions,
    MaxTokens,
    MaxCompletionTokens,
    Temperature,
    TopP,
    Stop,
    Tools,
    ToolChoice,
    ResponseFormat,
    Seed,
    Logprobs,
    TopLogprobs,
    N,
    PresencePenalty,
    FrequencyPenalty,
    User,

    /// <summary>This and what follows: <see cref="EngineControls"/>, then <see cref="NotedFields"/>, in their order.</summary>
    FirstEngineControl,
}
