namespace Penstock.Envelopes;

/// <summary>The fields that a caller left out and a deployment adds at the end of the body.</summary>
[Flags]
internal enum Additions
{
    None = 0,
    MaxTokens = 1,
    Temperature = 2,
    TopP = 4,
    StreamOptions = 8,
    All = MaxTokens | Temperature | TopP | StreamOptions,
}
