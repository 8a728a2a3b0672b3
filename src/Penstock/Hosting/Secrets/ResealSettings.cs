namespace Penstock.Hosting.Secrets;

/// <summary>What the command line of <c>secrets reseal</c> says.</summary>
/// <param name="Data">The data folder, as <c>serve</c> takes it.</param>
/// <param name="Database">A shared database in place of the embedded one; null: what the settings say.</param>
/// <param name="NewKey">The file of the new key; made if there is none.</param>
/// <param name="OldKey">The file of the key that is in use; null: the key that <c>serve</c> would take.</param>
internal sealed record ResealSettings(string Data, string? Database, string NewKey, string? OldKey);
