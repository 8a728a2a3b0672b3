using System.Runtime.InteropServices;

namespace Penstock.Routing;

/// <summary>The replicas that a request has been to already. Immutable.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Attempted
{
    private readonly Replica[]? _tried;
    private readonly Replica[]? _givenUp;

    private Attempted(Replica[]? tried, Replica[]? givenUp) => (_tried, _givenUp) = (tried, givenUp);

    public static Attempted Nothing => default;

    /// <summary>How often the request was tried, since its answer last came a part of its way.</summary>
    public int Count => _tried?.Length ?? 0;

    /// <summary>Others come first.</summary>
    public bool Contains(Replica replica) => _tried is not null && Array.IndexOf(_tried, replica) >= 0;

    /// <summary>It is not asked again, whoever else there is: it kept silent, or cannot do what is wanted.</summary>
    public bool HasGivenUp(Replica replica) => _givenUp is not null && Array.IndexOf(_givenUp, replica) >= 0;

    /// <param name="anew">Tries before this one count no more: the answer has come a part of its way.</param>
    /// <param name="giveUp">Not to be asked again.</param>
    public Attempted With(Replica replica, bool anew, bool giveUp) =>
        new(anew ? [replica] : [.. _tried ?? [], replica], giveUp ? [.. _givenUp ?? [], replica] : _givenUp);
}
