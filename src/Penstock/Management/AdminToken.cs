using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Penstock.Primitives;
using Penstock.Registry;

namespace Penstock.Management;

/// <summary>The one token of the management API. Only its hash is kept in memory; comparison takes constant time.</summary>
internal sealed class AdminToken
{
    public const string Variable = "PENSTOCK_ADMIN_TOKEN";
    public const string FileName = "admin-token";

    private const string Scheme = "Bearer ";

    // Below this a token could be guessed; above it no header of ours would hold it.
    private const int ShortestLength = 16;
    private const int LongestLength = 512;
    private const int RandomBytes = 32;

    private readonly byte[] _hash;

    private AdminToken(string value)
    {
        _hash = SHA256.HashData(Encoding.ASCII.GetBytes(value));
        Actor = $"admin:{Convert.ToHexStringLower(_hash.AsSpan(0, 4))}";
    }

    /// <summary>Who a change with this token is attributed to: enough of its hash to tell one token from the next.</summary>
    public string Actor { get; }

    /// <summary>From the environment, else from the file, which is made if it is not there.</summary>
    public static AdminToken Open(string path, EnvironmentVariables environment)
    {
        if (environment.Find(Variable) is { } given)
        {
            return Checked(given, Variable);
        }

        var made = () => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        return Checked(PrivateFile.ReadOrCreate(path, made), path);
    }

    /// <summary>Whether an Authorization header carries this token.</summary>
    public bool IsIn(string? authorization)
    {
        if (
            authorization is null
            || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || authorization.Length > Scheme.Length + LongestLength
        )
        {
            return false;
        }

        var given = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..]));
        return CryptographicOperations.FixedTimeEquals(given, _hash);
    }

    private static AdminToken Checked(string value, string source) =>
        value.Length is >= ShortestLength and <= LongestLength && value.All(c => c is > ' ' and <= '~')
            ? new AdminToken(value)
            : throw new StoreException(
                $"The admin token from {source} cannot be used: it must be {ShortestLength} to {LongestLength} printable "
                    + "ASCII characters without spaces."
            );
}
