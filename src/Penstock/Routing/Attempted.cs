using System.Runtime.InteropServices;

namespace Penstock.Routing;

/// <summary>The replicas that a request has been to already.</summary>
/// <param name="Replicas">Null: none.</param>
/// <param name="Never">
/// They are not to be asked again while there are others, and the last one not at all: it kept silent.
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Attempted(List<Replica>? Replicas, bool Never)
{
    public static Attempted Nothing { get; }

    public bool Contains(Replica replica) => Replicas is not null && Replicas.Contains(replica);
}
