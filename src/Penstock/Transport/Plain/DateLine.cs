using System.Buffers.Text;
using Penstock.Primitives;

namespace Penstock.Transport.Plain;

/// <summary>
/// The <c>Date</c> header, made once a second by the heartbeat: answers neither look at the time nor make it. It is at
/// most one beat old.
/// </summary>
internal sealed class DateLine(TimeProvider time) : IBeating
{
    private static readonly byte[] Name = "Date: "u8.ToArray();

    private Made? _made;

    /// <returns>The line with its line end.</returns>
    public ReadOnlySpan<byte> Now => (Volatile.Read(ref _made) ?? Make(time.GetUtcNow())).Line;

    int IBeating.Place { get; set; } = -1;

    public void Beat(long now)
    {
        var utc = time.GetUtcNow();
        if (Volatile.Read(ref _made)?.Second != utc.ToUnixTimeSeconds())
        {
            Make(utc);
        }
    }

    private Made Make(DateTimeOffset now)
    {
        var made = new Made(now.ToUnixTimeSeconds(), Line(now));
        Volatile.Write(ref _made, made);
        return made;
    }

    private static byte[] Line(DateTimeOffset now)
    {
        const int length = 29;
        var line = new byte[Name.Length + length + 2];
        Name.CopyTo(line, 0);
        Utf8Formatter.TryFormat(now, line.AsSpan(Name.Length), out _, 'R');
        "\r\n"u8.CopyTo(line.AsSpan(Name.Length + length));
        return line;
    }

    private sealed record Made(long Second, byte[] Line);
}
