namespace Penstock.Storage;

/// <summary>Settings of the key that seals credentials in the database (section <c>Secrets</c>).</summary>
internal sealed class SecretOptions
{
    /// <summary>
    /// 32 bytes in base64; absent: see <see cref="KeyFile"/>. For a platform that hands secrets over as variables.
    /// </summary>
    public string? Key { get; set; }

    /// <summary>A file that holds them, never made; absent: <c>secret.key</c> in the data folder, made at first use.</summary>
    public string? KeyFile { get; set; }
}
