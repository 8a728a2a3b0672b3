using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Penstock.Storage;

/// <summary>
/// Tells which process holds a data folder, without touching the lock: to try it is to hold it for a moment, in which a
/// server that starts would be refused.
/// </summary>
internal static class FolderHolder
{
    /// <param name="folder">Absolute.</param>
    public static int? Find(string folder) => ReadId(folder) is { } id && Holds(id, folder) ? id : null;

    /// <summary>The process that held it last: it writes its number and never takes it back.</summary>
    private static int? ReadId(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, DataFolder.HolderFile));
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool Holds(int id, string folder)
    {
        var openFiles = $"/proc/{id}/fd";
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                return IsOurs(id);
            }

            var held = Path.Combine(RealPath(folder), DataFolder.LockFile);
            return Directory.Exists(openFiles)
                && Directory.EnumerateFileSystemEntries(openFiles).Any(file => new FileInfo(file).LinkTarget == held);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's process: its open files are not ours to see.
            return IsOurs(id);
        }
        catch (IOException)
        {
            // It ended while we looked.
            return false;
        }
    }

    private static bool IsOurs(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName is "penstock" or "dotnet";
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    /// <summary>As the kernel names it: every link on the way followed.</summary>
    private static string RealPath(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        var here = Path.Combine(RealPath(parent), Path.GetFileName(path));
        return Directory.ResolveLinkTarget(here, returnFinalTarget: true) is { } target
            ? RealPath(target.FullName)
            : here;
    }
}
