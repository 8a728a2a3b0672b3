using System.Globalization;
using Penstock.Registry;

namespace Penstock.Storage;

/// <summary>
/// The folder a server keeps its files in: readable by its owner only, and held by one process at a time. The lock is
/// the operating system's, so it ends with the process however that ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public const string LockFile = "lock";
    public const string HolderFile = "pid";

    private readonly FileStream? _held;

    private DataFolder(string path, FileStream? held) => (Path, _held) = (path, held);

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <exception cref="StoreException">Another process holds the folder, or it cannot be made or written.</exception>
    public static DataFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            MakePrivate(full);
            return new DataFolder(full, Hold(full));
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new StoreException(
                $"The data folder {full} cannot be used: {error.Message} Give another with --data, or mend its rights.",
                error
            );
        }
    }

    /// <summary>For who only looks: nothing is made and nothing held, another process may be at work in it.</summary>
    public static DataFolder At(string path) => new(System.IO.Path.GetFullPath(path), held: null);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _held?.Dispose();

    private static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // A user's own folders are private there by inheritance.
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, FolderMode);
        System.IO.File.SetUnixFileMode(path, FolderMode);
    }

    private static FileStream Hold(string folder)
    {
        var path = System.IO.Path.Combine(folder, LockFile);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new StoreException(
                $"The data folder {folder} is in use by another Penstock{HolderOf(folder)}. "
                    + "Stop that one, or give this one a folder of its own with --data.",
                error
            );
        }

        // Beside the lock, since a locked file cannot be opened even to be read.
        System.IO.File.WriteAllText(
            System.IO.Path.Combine(folder, HolderFile),
            Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
        );
        return stream;
    }

    /// <summary>Best effort: the holder may be about to write its number.</summary>
    private static string HolderOf(string folder)
    {
        try
        {
            var text = System.IO.File.ReadAllText(System.IO.Path.Combine(folder, HolderFile));
            return int.TryParse(text, CultureInfo.InvariantCulture, out var id) ? $" (process {id})" : "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
