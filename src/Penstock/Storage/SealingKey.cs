using System.Buffers.Text;
using System.Security.Cryptography;
using Penstock.Primitives;
using Penstock.Registry;

namespace Penstock.Storage;

/// <summary>The bytes that seal credentials: read from where an operator keeps them, or made here and not yet written.</summary>
internal sealed class SealingKey
{
    public const string FileName = "secret.key";

    public const int Length = 32;

    private readonly Lock _gate = new();

    /// <summary>Where one that was made here is to be written; null: it is there.</summary>
    private volatile string? _unwritten;

    private SealingKey(byte[] bytes, string? unwritten) => (Bytes, _unwritten) = (bytes, unwritten);

    public static string Missing =>
        "The database holds credentials, but there is no secret key to open them with: neither Secrets:Key nor "
        + $"Secrets:KeyFile is set, and the data folder has no {FileName}. Restore it from its backup.";

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Nothing can have been sealed with it yet.</summary>
    public bool IsNew => _unwritten is not null;

    /// <summary>As a file holds it.</summary>
    public string Text => Convert.ToBase64String(Bytes.Span);

    /// <summary>The key that the settings name, or that of the data folder; null: there is none.</summary>
    public static SealingKey? Find(DataFolder folder, SecretOptions options) =>
        options switch
        {
            { Key: not null, KeyFile: not null } => throw new StoreException(
                "Secrets:Key and Secrets:KeyFile are both set: give one of them."
            ),
            { Key: { } key } => Read("Secrets:Key", key),
            { KeyFile: { } path } => OfFile(path),
            _ when File.Exists(folder.File(FileName)) => OfFile(folder.File(FileName)),
            _ => null,
        };

    /// <summary>A new one for the data folder, which <see cref="Keep"/> writes.</summary>
    public static SealingKey Make(DataFolder folder) => Make(folder.File(FileName));

    public static SealingKey Make(string path) => new(RandomNumberGenerator.GetBytes(Length), path);

    public static SealingKey OfFile(string path)
    {
        try
        {
            return Read(path, File.ReadAllText(path).Trim());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The secret key cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Before anything is sealed with it.</summary>
    public void Keep()
    {
        if (_unwritten is null)
        {
            return;
        }

        lock (_gate)
        {
            if (_unwritten is { } path)
            {
                BlockingWork.Begin();
                Write(path);
                _unwritten = null;
            }
        }
    }

    private void Write(string path)
    {
        try
        {
            PrivateFile.Write(path, Text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The secret key cannot be written: {error.Message}", error);
        }
    }

    private static SealingKey Read(string source, string text)
    {
        var key = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Convert.TryFromBase64String(text, key, out var length) && length == Length
            ? new SealingKey(key[..Length], unwritten: null)
            : throw new StoreException(
                $"{source} is not a key: it must hold 32 bytes in base64. Restore it from a backup."
            );
    }
}
