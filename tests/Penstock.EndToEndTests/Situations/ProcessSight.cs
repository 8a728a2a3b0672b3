using System.Globalization;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Situations;

/// <summary>What the kernel knows of a process.</summary>
internal sealed record ProcessSight(int Sockets, int Threads, long ResidentBytes)
{
    public static ProcessSight Of(ChildProcess process)
    {
        var sockets = Directory
            .EnumerateFileSystemEntries($"/proc/{process.Id}/fd")
            .Count(fd =>
                File.ResolveLinkTarget(fd, false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true
            );
        var threads = File.ReadLines($"/proc/{process.Id}/status")
            .First(line => line.StartsWith("Threads:", StringComparison.Ordinal))
            .Split('\t')[1];
        return new(sockets, int.Parse(threads, CultureInfo.InvariantCulture), process.ResidentBytes);
    }

    public override string ToString() => $"{Sockets} sockets, {Threads} threads, {ResidentBytes >> 20} MiB";
}
