using System.Collections.Concurrent;

namespace Penstock.EndToEndTests.Harness;

/// <summary>The processes that the suite has started and not yet ended: none outlives it, and a failed test shows them.</summary>
internal static class RunningProcesses
{
    private static readonly ConcurrentDictionary<int, ChildProcess> Alive = new();

    static RunningProcesses() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (var child in Alive.Values)
            {
                child.KillHard();
            }
        };

    public static void Add(ChildProcess child) => Alive[child.Id] = child;

    public static void Remove(ChildProcess child) => Alive.TryRemove(child.Id, out _);

    public static IEnumerable<ChildProcess> All => Alive.Values;
}
