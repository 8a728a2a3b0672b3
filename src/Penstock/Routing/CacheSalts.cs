using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Penstock.Routing;

/// <summary>
/// Keeps workspaces apart in an engine's prompt cache: each gets a salt that only the gateway can compute, so that none
/// can find out by timing what another has asked. Gateways with the same secret give the same salts.
/// </summary>
internal sealed class CacheSalts
{
    /// <summary>Callers with salts of their own are few; theirs are computed each time.</summary>
    private readonly ConcurrentDictionary<Guid, byte[]> _members = new();

    private readonly byte[] _secret;

    public CacheSalts(ReadOnlySpan<byte> secret) => _secret = secret.ToArray();

    /// <summary>As a member of a body, after a comma: <c>,"cache_salt":"…"</c>.</summary>
    public ReadOnlyMemory<byte> MemberOf(Guid workspace) =>
        _members.GetOrAdd(
            workspace,
            static (id, salts) => Encoding.ASCII.GetBytes($",\"cache_salt\":\"{salts.Salt(id, [])}\""),
            this
        );

    /// <summary>In place of a caller's own salt: a JSON string made of both.</summary>
    /// <param name="own">The caller's value as it stands in the body.</param>
    public ReadOnlyMemory<byte> Mixed(Guid workspace, ReadOnlySpan<byte> own) =>
        Encoding.ASCII.GetBytes($"\"{Salt(workspace, own)}\"");

    private string Salt(Guid workspace, ReadOnlySpan<byte> own)
    {
        var message = new byte[16 + own.Length];
        workspace.TryWriteBytes(message);
        own.CopyTo(message.AsSpan(16));
        return Base64Url.EncodeToString(HMACSHA256.HashData(_secret, message));
    }
}
