using Penstock.Envelopes;
using Penstock.Keys;

namespace Penstock.Inference;

/// <summary>A request that ends with an error, and what the caller is told.</summary>
/// <param name="Ending">Gives status, type and code unless the ones below are set.</param>
/// <param name="Message">What was wrong and what to do; no secret, URL or stack trace.</param>
/// <param name="Param">The field to blame, or null.</param>
internal sealed record InferenceRefusal(InferenceEnding Ending, string Message, string? Param = null)
{
    public static InferenceRefusal Of(EnvelopeRefusal mistake) =>
        new(InferenceEnding.InvalidRequest, mistake.Message, mistake.Param) { Code = mistake.Code };

    public static InferenceRefusal Of(KeyRefusal refusal) =>
        new(
            refusal switch
            {
                KeyRefusal.Missing => InferenceEnding.MissingApiKey,
                KeyRefusal.Expired => InferenceEnding.ExpiredApiKey,
                KeyRefusal.Revoked => InferenceEnding.RevokedApiKey,
                _ => InferenceEnding.InvalidApiKey,
            },
            refusal.Message()
        );

    private EndingFacts Facts => EndingFacts.Of(Ending);

    public int Status
    {
        get => field == 0 ? Facts.Status : field;
        init;
    }

    public string Type
    {
        get => field ?? Facts.Type;
        init;
    } = null!;

    public string? Code
    {
        get => field ?? Facts.Code;
        init;
    }

    /// <summary>Whole seconds until another try makes sense; 0: nobody knows.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>The gateway has spent its own attempts: a client library that tries again only multiplies them.</summary>
    public bool AttemptsSpent { get; init; }
}
