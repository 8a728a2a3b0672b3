using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Penstock.Primitives;
using Penstock.Registry;

namespace Penstock.Storage;

/// <summary>
/// Encrypts credentials before a store sees them (AES-256-GCM), with a key that is kept outside the database, so that
/// a copy of the database alone gives none away. Each is bound to the record it belongs to.
/// </summary>
internal sealed class SecretBox : IDisposable
{
    public const string FileName = "secret.key";

    // Form of a sealed secret: this byte, nonce, tag, ciphertext. The byte leaves room for another cipher.
    private const byte Version = 1;
    public const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Overhead = 1 + NonceBytes + TagBytes;

    private readonly AesGcm _cipher;

    public SecretBox(ReadOnlySpan<byte> key) => _cipher = new AesGcm(key, TagBytes);

    /// <summary>With the key that the settings name, or that of the data folder, made at first use.</summary>
    public static SecretBox Open(DataFolder folder, SecretOptions options) =>
        Named(options) ?? Kept(folder.File(FileName));

    /// <summary>With the key that is there; null when there is none yet, and none is made.</summary>
    public static SecretBox? Find(DataFolder folder, SecretOptions options) =>
        Named(options) ?? (File.Exists(folder.File(FileName)) ? OfFile(folder.File(FileName)) : null);

    private static SecretBox? Named(SecretOptions options) =>
        options switch
        {
            { Key: not null, KeyFile: not null } => throw new StoreException(
                "Secrets:Key and Secrets:KeyFile are both set: give one of them."
            ),
            { Key: { } key } => WithKey("Secrets:Key", key),
            { KeyFile: { } path } => OfFile(path),
            _ => null,
        };

    private static SecretBox Kept(string path) =>
        WithKey(
            path,
            PrivateFile.ReadOrCreate(path, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)))
        );

    private static SecretBox OfFile(string path)
    {
        try
        {
            return WithKey(path, File.ReadAllText(path).Trim());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The secret key cannot be read: {error.Message}", error);
        }
    }

    private static SecretBox WithKey(string source, string text)
    {
        var key = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (!Convert.TryFromBase64String(text, key, out var length) || length != KeyBytes)
        {
            throw new StoreException(
                $"{source} is not a key: it must hold 32 bytes in base64. Restore it from a backup."
            );
        }

        return new SecretBox(key.AsSpan(0, KeyBytes));
    }

    public byte[] Seal(Secret secret, string owner)
    {
        var plain = Encoding.UTF8.GetBytes(secret.Value);
        var box = new byte[Overhead + plain.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        _cipher.Encrypt(
            nonce,
            plain,
            box.AsSpan(Overhead),
            box.AsSpan(1 + NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(owner)
        );
        return box;
    }

    /// <exception cref="StoreException">It was sealed with another key, for another owner, or was changed since.</exception>
    public Secret Open(ReadOnlySpan<byte> box, string owner)
    {
        try
        {
            if (box.Length < Overhead || box[0] != Version)
            {
                throw new CryptographicException("Unknown form.");
            }

            var plain = new byte[box.Length - Overhead];
            _cipher.Decrypt(
                box.Slice(1, NonceBytes),
                box[Overhead..],
                box.Slice(1 + NonceBytes, TagBytes),
                plain,
                Encoding.UTF8.GetBytes(owner)
            );
            return new Secret(Encoding.UTF8.GetString(plain));
        }
        catch (CryptographicException error)
        {
            throw new StoreException(
                $"The credential of {owner} cannot be read with {FileName}: the file does not belong to this database. "
                    + "Restore the two together.",
                error
            );
        }
    }

    public void Dispose() => _cipher.Dispose();
}
