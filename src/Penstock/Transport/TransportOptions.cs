using System.ComponentModel.DataAnnotations;

namespace Penstock.Transport;

/// <summary>Settings of sockets and threads (section <c>Transport</c>).</summary>
internal sealed class TransportOptions
{
    /// <summary>
    /// <c>epoll</c>: event loops of our own, and plain requests read by ourselves, where there are any (Linux);
    /// <c>sockets</c>: the sockets of .NET and Kestrel for everything; <c>auto</c>: what the last measurement favours, at
    /// present the event loops.
    /// </summary>
    [AllowedValues("auto", "epoll", "sockets")]
    public string Kind { get; set; } = "auto";

    /// <summary>Event loops; 0: one for each processor. More of them only take turns.</summary>
    [Range(0, 1024)]
    public int Loops { get; set; }

    /// <summary>Whether the event loops are to be used here.</summary>
    public bool UsesLoops => Kind != "sockets" && Epoll.Libc.IsSupported;
}
