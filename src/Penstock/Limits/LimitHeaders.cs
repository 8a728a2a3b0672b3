namespace Penstock.Limits;

/// <summary>Tells a caller how its key stands, on every answer to an authenticated call.</summary>
internal static class LimitHeaders
{
    public const string Limit = "X-RateLimit-Limit";
    public const string Remaining = "X-RateLimit-Remaining";
    public const string Tier = "X-RateLimit-Tier";
    public const string Reset = "X-RateLimit-Reset";

    public const string LimitTokens = "X-RateLimit-Limit-Tokens";
    public const string RemainingTokens = "X-RateLimit-Remaining-Tokens";

    /// <summary>Writes the two of a token limit a minute.</summary>
    public static void Write(IHeaderDictionary headers, TokenStanding tokens)
    {
        headers[LimitTokens] = NumberText.OfRepeated(tokens.Limit);
        headers[RemainingTokens] = NumberText.Of(tokens.Remaining);
    }

    /// <summary>Writes the four headers, and <c>Retry-After</c> when the request was refused.</summary>
    public static void Write(IHeaderDictionary headers, in LimitDecision decision, string plan)
    {
        headers[Limit] = NumberText.OfRepeated(decision.Limit);
        headers[Remaining] = NumberText.Of(decision.Remaining);
        headers[Tier] = plan;
        headers[Reset] = NumberText.OfRepeated(decision.ResetUnixSeconds);
        if (!decision.Granted)
        {
            headers.RetryAfter = NumberText.Of(decision.RetryAfterSeconds);
        }
    }
}
