using System.Runtime.InteropServices;

namespace Penstock.Hosting.Doctor;

/// <summary>The data folder: there, its owner's only, writable, with room, and whose it is now.</summary>
internal static partial class DataFolderCheck
{
    private const string Name = "data_folder";

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Below this the log of one large change may not fit: it is folded in every 4 MB.</summary>
    private const long TooFull = 16L << 20;

    /// <summary>Below this somebody should look: the system's own logs fill as much in a day.</summary>
    private const long NearlyFull = 256L << 20;

    private const int ForWriting = 2;

    /// <param name="path">Absolute.</param>
    /// <param name="holder">The process that holds it; null: none does.</param>
    public static IEnumerable<Finding> Run(string path, int? holder)
    {
        if (File.Exists(path))
        {
            yield return Finding.Problem(Name, $"{path} is a file", "Name a folder with --data.");
            yield break;
        }

        var exists = Directory.Exists(path);
        var nearest = exists ? path : NearestAbove(path);
        if (Obstacle(nearest) is { } obstacle)
        {
            yield return obstacle;
        }
        else if (!exists)
        {
            yield return Finding.Ok(Name, $"{path} is not there yet: the first start makes it");
        }
        else if (Mode(path) is { } mode && (mode & ~Owner) != UnixFileMode.None)
        {
            yield return Finding.Warning(
                Name,
                $"{path} is open to others than its owner ({Convert.ToString((int)mode, 8)})",
                $"chmod 700 '{path}': it holds the registry and the key of its credentials. A start of Penstock does so."
            );
        }
        else
        {
            yield return Finding.Ok(
                Name,
                $"{path} is {(holder is { } id ? $"held by process {id}" : "free to be used")}"
            );
        }

        if (Room(nearest) is { } room)
        {
            yield return room;
        }
    }

    private static Finding? Obstacle(string folder) =>
        IsWritable(folder)
            ? null
            : Finding.Problem(
                Name,
                $"{folder} cannot be written by {Environment.UserName}",
                "Run Penstock as the folder's owner, mend its rights, or name another with --data."
            );

    private static Finding? Room(string folder)
    {
        long free;
        try
        {
            free = new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Finding.Warning(
                Name,
                $"the free space of its disk cannot be told: {error.Message}",
                "Look with df."
            );
        }

        var seen = $"{free >> 20} MiB are free on its disk";
        const string Advice = "Make room: a change that does not fit on the disk is refused.";
        return free switch
        {
            < TooFull => Finding.Problem(Name, seen, Advice),
            < NearlyFull => Finding.Warning(Name, seen, Advice),
            _ => Finding.Ok(Name, seen),
        };
    }

    private static string NearestAbove(string path)
    {
        var above = path;
        while (!Directory.Exists(above) && Path.GetDirectoryName(above) is { } parent)
        {
            above = parent;
        }

        return above;
    }

    private static UnixFileMode? Mode(string path) =>
        OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(path) & (UnixFileMode)0b111_111_111;

    /// <summary>Asked of the kernel: to try it would be to make a file.</summary>
    private static bool IsWritable(string path) => OperatingSystem.IsWindows() || Access(path, ForWriting) == 0;

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
