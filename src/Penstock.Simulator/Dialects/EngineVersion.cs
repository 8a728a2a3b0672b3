namespace Penstock.Simulator.Dialects;

/// <summary>A release of an engine, as far as it decides how the engine behaves.</summary>
internal static class EngineVersion
{
    /// <summary>Whether the release came before another; one that cannot be read is taken for the newest.</summary>
    public static bool IsBefore(string version, int major, int minor)
    {
        var parts = version.TrimStart('v').Split('.', '-', '+');
        return parts.Length >= 2
            && int.TryParse(parts[0], System.Globalization.CultureInfo.InvariantCulture, out var ours)
            && int.TryParse(parts[1], System.Globalization.CultureInfo.InvariantCulture, out var oursMinor)
            && (ours, oursMinor).CompareTo((major, minor)) < 0;
    }
}
