namespace Penstock.Tests.Cli;

/// <summary>What a shell would see of one run.</summary>
internal sealed record CliOutcome(int ExitCode, string Out, string Error);
