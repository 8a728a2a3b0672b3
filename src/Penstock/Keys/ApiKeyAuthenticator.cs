using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Penstock.Keys;

/// <summary>
/// Tells who is calling from the <c>Authorization</c> header, against the latest snapshot. Takes no lock, and allocates
/// nothing for a caller who is remembered; expiry and revocation are judged on every request.
/// </summary>
internal sealed class ApiKeyAuthenticator(IOptions<KeyOptions> options, TimeProvider clock)
{
    private const string Scheme = "Bearer";

    private readonly byte[] _prefix = Encoding.ASCII.GetBytes(options.Value.Prefix);
    private volatile KeySnapshot _snapshot = KeySnapshot.Empty;

    /// <summary>From now on these keys and no others are known.</summary>
    public void Use(KeySnapshot next) => _snapshot = next;

    /// <summary>Finds the caller's grant, or says why there is none.</summary>
    public KeyRefusal Authenticate(StringValues authorization, out KeyGrant? grant)
    {
        grant = null;
        if (authorization.Count > 1)
        {
            // Two keys are two callers; a proxy before us may have believed the other one.
            return KeyRefusal.Invalid;
        }

        var header = authorization.ToString();
        // One snapshot from here on: what is found in it must not be remembered in the next.
        var snapshot = _snapshot;
        var refusal = KeyRefusal.None;
        if ((snapshot.Recent.Find(header) ?? Search(snapshot, header, out refusal)) is not { } found)
        {
            return refusal;
        }

        refusal = Judge(found);
        grant = refusal == KeyRefusal.None ? found : null;
        return refusal;
    }

    /// <summary>Looks for a caller who is not remembered, and remembers whom it finds.</summary>
    private KeyGrant? Search(KeySnapshot snapshot, string header, out KeyRefusal refusal)
    {
        var secret = SecretOf(header);
        if (secret.IsEmpty)
        {
            refusal = KeyRefusal.Missing;
            return null;
        }

        if (Find(snapshot, secret) is not { } found)
        {
            refusal = KeyRefusal.Invalid;
            return null;
        }

        snapshot.Recent.Remember(header, found);
        refusal = KeyRefusal.None;
        return found;
    }

    /// <summary>What stands behind the scheme; nothing for another scheme.</summary>
    private static ReadOnlySpan<char> SecretOf(ReadOnlySpan<char> authorization)
    {
        var value = authorization.Trim(' ');
        return
            value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && value.Length > Scheme.Length
            && value[Scheme.Length] == ' '
            ? value[(Scheme.Length + 1)..].TrimStart(' ')
            : [];
    }

    private KeyGrant? Find(KeySnapshot snapshot, ReadOnlySpan<char> secret)
    {
        Span<byte> buffer = stackalloc byte[ApiKeySecret.MaxLength];
        if (secret.Length > buffer.Length)
        {
            return null;
        }

        // A character that is not ASCII stops the copy, and what was copied is then too short to be the whole.
        Ascii.FromUtf16(secret, buffer, out var length);
        var bytes = buffer[..length];
        if (length != secret.Length || !ApiKeySecret.IsAcceptable(bytes))
        {
            return null;
        }

        return bytes.StartsWith(_prefix) && !ApiKeySecret.ChecksumHolds(bytes)
            ? null
            : snapshot.Find(ApiKeyHash.Of(bytes));
    }

    private KeyRefusal Judge(KeyGrant found)
    {
        if (found.Revoked)
        {
            return KeyRefusal.Revoked;
        }

        return found.ExpiresAt is { } end && clock.GetUtcNow() >= end ? KeyRefusal.Expired : KeyRefusal.None;
    }
}
