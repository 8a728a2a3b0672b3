namespace Penstock.Tests.Cli;

/// <summary>What reached the fake server.</summary>
internal sealed record RecordedRequest(
    string Method,
    string PathAndQuery,
    string Body,
    IReadOnlyDictionary<string, string> Headers
);
