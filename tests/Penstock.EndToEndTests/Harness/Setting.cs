namespace Penstock.EndToEndTests.Harness;

/// <summary>Server settings that tests shorten, as an operator names them in the environment.</summary>
internal static class Setting
{
    /// <summary>Silence of a stream before a comment goes out.</summary>
    public const string KeepAliveSeconds = "PENSTOCK__RELAYING__KEEPALIVESECONDS";
}
