using System.ComponentModel.DataAnnotations;

namespace Penstock.Transport;

/// <summary>Settings of sockets and threads (section <c>Transport</c>).</summary>
internal sealed class TransportOptions
{
    /// <summary>
    /// <c>epoll</c>: event loops of our own, where there are any (Linux); <c>sockets</c>: those of .NET; <c>auto</c>: what
    /// the last measurement favours, at present the sockets of .NET.
    /// </summary>
    [AllowedValues("auto", "epoll", "sockets")]
    public string Kind { get; set; } = "auto";

    /// <summary>Event loops; 0: one for each processor. More of them only take turns.</summary>
    [Range(0, 1024)]
    public int Loops { get; set; }

    /// <summary>Whether the event loops are to be used here.</summary>
    public bool UsesLoops => Kind == "epoll" && Epoll.Libc.IsSupported;
}
