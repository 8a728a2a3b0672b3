using System.Runtime.InteropServices;
using System.Text;

namespace Penstock.Idempotency;

/// <summary>A caller's key, in the workspace where it means something.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IdempotencyKey(Guid WorkspaceId, Fingerprint Name)
{
    /// <summary>What others allow too; a UUID has 36.</summary>
    public const int Longest = 255;

    /// <param name="text">Printable ASCII, as a header carries it.</param>
    public static IdempotencyKey Of(Guid workspaceId, string text)
    {
        Span<byte> domain = stackalloc byte[16];
        workspaceId.TryWriteBytes(domain);
        return new IdempotencyKey(workspaceId, Fingerprint.Of(domain, Encoding.ASCII.GetBytes(text)));
    }

    public static bool IsFit(string text) =>
        text.Length is > 0 and <= Longest && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
