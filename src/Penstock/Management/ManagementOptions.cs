namespace Penstock.Management;

/// <summary>Where the management API is served.</summary>
internal sealed class ManagementOptions
{
    public const string Section = "Management";

    /// <summary>
    /// URLs of a listener of its own, separated by semicolons; null: on the main listener, where a first start finds it
    /// without being told.
    /// </summary>
    public string? Urls { get; set; }
}
