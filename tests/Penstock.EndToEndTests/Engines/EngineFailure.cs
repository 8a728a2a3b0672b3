namespace Penstock.EndToEndTests.Engines;

/// <summary>One error as an engine sends it, and what a caller must see of it.</summary>
/// <param name="Backend">The engine.</param>
/// <param name="Case">What happened there.</param>
/// <param name="Sent">The status of the engine's answer; 0: it breaks off in the middle of a stream.</param>
/// <param name="Body">The body, or the events after the first chunks of a stream.</param>
/// <param name="Status">The caller's status.</param>
/// <param name="Type">The envelope's type.</param>
/// <param name="Code">The envelope's code.</param>
/// <param name="Words">What of the engine's sentence the caller must read.</param>
/// <param name="Media">The content type of the body.</param>
internal sealed record EngineFailure(
    string Backend,
    string Case,
    int Sent,
    string Body,
    int Status,
    string Type,
    string Code,
    string Words,
    string Media = "application/json"
)
{
    public string Name => $"{Backend}/{Case}".Replace(' ', '-');

    public bool IsMidStream => Sent == 0;

    /// <summary>The class of the <c>openai</c> library for JavaScript that belongs to the status.</summary>
    public string NodeClass =>
        (IsMidStream, Status) switch
        {
            (true, _) => "APIError",
            (_, 400) => "BadRequestError",
            (_, 404) => "NotFoundError",
            (_, 422) => "UnprocessableEntityError",
            (_, 429) => "RateLimitError",
            (_, >= 500) => "InternalServerError",
            _ => "APIError",
        };
}
