using System.Diagnostics;

namespace Penstock.Keys;

/// <summary>
/// The one place that puts a refusal into words: the contract's code, and what was wrong and what to do. No message
/// repeats anything of the key.
/// </summary>
internal static class KeyRefusalText
{
    public static string Code(this KeyRefusal refusal) =>
        refusal switch
        {
            KeyRefusal.Missing => "missing_api_key",
            KeyRefusal.Invalid => "invalid_api_key",
            KeyRefusal.Expired => "expired_api_key",
            KeyRefusal.Revoked => "revoked_api_key",
            _ => throw new UnreachableException($"{refusal} is no refusal."),
        };

    public static string Message(this KeyRefusal refusal) =>
        refusal switch
        {
            KeyRefusal.Missing => "No API key was given. Send it in the header 'Authorization: Bearer <key>'.",
            KeyRefusal.Invalid =>
                "The API key is not valid. Check that it was copied whole, once and for this server, or make a new one.",
            KeyRefusal.Expired => "The API key has expired. Use another one, or have a new one made.",
            KeyRefusal.Revoked => "The API key has been revoked. Use another one, or have a new one made.",
            _ => throw new UnreachableException($"{refusal} is no refusal."),
        };
}
