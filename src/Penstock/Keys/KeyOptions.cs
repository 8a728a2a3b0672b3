using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Penstock.Keys;

/// <summary>Settings of API keys, section <c>Keys</c>.</summary>
internal sealed class KeyOptions
{
    public const string Section = "Keys";

    /// <summary>
    /// What new keys begin with, and which keys are asked for their checksum. The default names product and purpose,
    /// so that a leaked key is recognised. At least 4 characters, or it would claim keys that others have made.
    /// </summary>
    [Required(ErrorMessage = "Keys:Prefix is missing: give the text that new keys begin with, for example psk_live_.")]
    [RegularExpression(
        "^[A-Za-z0-9_-]{4,32}$",
        ErrorMessage = "Keys:Prefix '{0}' cannot be used: give 4 to 32 letters, digits, '_' or '-', like psk_live_."
    )]
    public string Prefix { get; set; } = "psk_live_";
}

/// <summary>Checks <see cref="KeyOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class KeyOptionsValidator : IValidateOptions<KeyOptions>;
