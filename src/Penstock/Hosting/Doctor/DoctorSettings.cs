namespace Penstock.Hosting.Doctor;

/// <summary>What the command line of <c>doctor</c> says.</summary>
/// <param name="Data">The data folder, as <c>serve</c> takes it.</param>
/// <param name="Config">The declarative file, if one is to be checked.</param>
/// <param name="Addresses">Where a gateway listens, or will.</param>
internal sealed record DoctorSettings(string Data, string? Config, IReadOnlyList<string> Addresses)
{
    /// <summary>A shared database in place of the embedded one; null: what the settings say.</summary>
    public string? Database { get; init; }

    /// <summary>The shared server for limits; null: what the settings say.</summary>
    public string? Redis { get; init; }
}
