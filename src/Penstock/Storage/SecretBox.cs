using System.Security.Cryptography;
using System.Text;
using Penstock.Registry;

namespace Penstock.Storage;

/// <summary>
/// Encrypts credentials before a store sees them (AES-256-GCM), with a key that is kept outside the database, so that
/// a copy of the database alone gives none away. Each is bound to the record it belongs to.
/// </summary>
internal sealed class SecretBox : IDisposable
{
    // Form of a sealed secret: this byte, nonce, tag, ciphertext. The byte leaves room for another cipher.
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Overhead = 1 + NonceBytes + TagBytes;

    private readonly AesGcm _cipher;
    private readonly SealingKey? _key;

    public SecretBox(ReadOnlySpan<byte> key) => _cipher = new AesGcm(key, TagBytes);

    public SecretBox(SealingKey key)
        : this(key.Bytes.Span) => _key = key;

    /// <summary>With the key that the settings name, or that of the data folder; a new one where there is none.</summary>
    public static SecretBox Open(DataFolder folder, SecretOptions options) =>
        new(SealingKey.Find(folder, options) ?? SealingKey.Make(folder));

    /// <summary>With the key that is there; null when there is none yet, and none is made.</summary>
    public static SecretBox? Find(DataFolder folder, SecretOptions options) =>
        SealingKey.Find(folder, options) is { } key ? new SecretBox(key) : null;

    /// <summary>
    /// Writes a key that is new to its file. To be called when it is known that nothing is sealed with another: a start that
    /// fails for want of its key leaves no second one in its place.
    /// </summary>
    public void Keep() => _key?.Keep();

    public byte[] Seal(Secret secret, string owner)
    {
        Keep();
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
    public Secret Open(ReadOnlySpan<byte> box, string owner) =>
        TryOpen(box, owner)
        ?? throw new StoreException(
            _key is { IsNew: true }
                ? SealingKey.Missing
                : $"The credential of {owner} cannot be read with {SealingKey.FileName}: the file does not belong to this "
                    + "database. Restore the two together; or, if secrets reseal was interrupted, run it again."
        );

    /// <returns>Null: it was sealed with another key, for another owner, or was changed since.</returns>
    public Secret? TryOpen(ReadOnlySpan<byte> box, string owner)
    {
        if (box.Length < Overhead || box[0] != Version)
        {
            return null;
        }

        var plain = new byte[box.Length - Overhead];
        try
        {
            _cipher.Decrypt(
                box.Slice(1, NonceBytes),
                box[Overhead..],
                box.Slice(1 + NonceBytes, TagBytes),
                plain,
                Encoding.UTF8.GetBytes(owner)
            );
            return new Secret(Encoding.UTF8.GetString(plain));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose() => _cipher.Dispose();
}
