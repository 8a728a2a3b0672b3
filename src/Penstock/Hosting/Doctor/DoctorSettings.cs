namespace Penstock.Hosting.Doctor;

/// <summary>What the command line of <c>doctor</c> says.</summary>
/// <param name="Data">The data folder, as <c>serve</c> takes it.</param>
/// <param name="Config">The declarative file, if one is to be checked.</param>
/// <param name="Addresses">Where a gateway listens, or will.</param>
/// <param name="Database">A shared database in place of the embedded one.</param>
internal sealed record DoctorSettings(
    string Data,
    string? Config,
    IReadOnlyList<string> Addresses,
    string? Database = null
);
