using System.Runtime.InteropServices;

namespace Penstock.Routing;

/// <summary>The replicas that a request has been to already. Immutable.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Attempted
{
    private readonly Replica[]? _tried;
    private readonly Replica[]? _givenUp;
    private readonly Replica[]? _failed;

    private Attempted(Replica[]? tried, Replica[]? givenUp, Replica[]? failed) =>
        (_tried, _givenUp, _failed) = (tried, givenUp, failed);

    public static Attempted Nothing => default;

    /// <summary>How often the request was tried, since its answer last came a part of its way.</summary>
    public int Count => _tried?.Length ?? 0;

    /// <summary>Others come first.</summary>
    public bool Contains(Replica replica) => Has(_tried, replica);

    /// <summary>It is not asked again, whoever else there is: it kept silent, or cannot do what is wanted.</summary>
    public bool HasGivenUp(Replica replica) => Has(_givenUp, replica);

    /// <summary>It has failed this request before, however long ago.</summary>
    public bool HasFailed(Replica replica) => Has(_failed, replica);

    /// <summary>Time has passed: tries count no more. What was given up stays so.</summary>
    public Attempted Later() => new(null, _givenUp, _failed);

    /// <param name="anew">Tries before this one count no more: the answer has come a part of its way since.</param>
    /// <param name="giveUp">Not to be asked again.</param>
    public Attempted With(Replica replica, bool anew, bool giveUp)
    {
        var givenUp = anew ? null : _givenUp;
        return new(
            anew ? [replica] : [.. _tried ?? [], replica],
            giveUp ? [.. givenUp ?? [], replica] : givenUp,
            Has(_failed, replica) ? _failed : [.. _failed ?? [], replica]
        );
    }

    private static bool Has(Replica[]? replicas, Replica replica) =>
        replicas is not null && Array.IndexOf(replicas, replica) >= 0;
}
