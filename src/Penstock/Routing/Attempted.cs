using System.Runtime.InteropServices;

namespace Penstock.Routing;

/// <summary>The replicas that a request has been to already. Immutable.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Attempted
{
    private readonly Replica[]? _replicas;

    private Attempted(Replica[] replicas, bool never) => (_replicas, Never) = (replicas, never);

    public static Attempted Nothing => default;

    /// <summary>They are not to be asked again while there are others: the last one kept silent.</summary>
    public bool Never { get; }

    /// <summary>How often the request was tried.</summary>
    public int Count => _replicas?.Length ?? 0;

    public bool Contains(Replica replica) => _replicas is not null && Array.IndexOf(_replicas, replica) >= 0;

    /// <param name="anew">What was tried before counts no more: the answer has come a part of its way.</param>
    /// <param name="never">Not to be asked again while there are others.</param>
    public Attempted With(Replica replica, bool anew, bool never) =>
        new(anew || _replicas is null ? [replica] : [.. _replicas, replica], never);
}
