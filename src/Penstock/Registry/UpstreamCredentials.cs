namespace Penstock.Registry;

/// <summary>Finds the credential of a replica where its record says it is.</summary>
internal sealed class UpstreamCredentials(EnvironmentVariables environment)
{
    /// <summary>Longest credential: tokens with many claims reach a few KiB, a header of ours must not be larger.</summary>
    public const int MostCharacters = 8 * 1024;

    /// <summary>The credential; null with a problem: it should be there and is not; null without: none is wanted.</summary>
    public (string? Value, string? Problem) Resolve(ReplicaRecord replica)
    {
        if (replica.ApiKey is { } stored)
        {
            return (stored.Value, null);
        }

        if (replica.ApiKeyEnv is { } variable)
        {
            return environment.Find(variable) is { } value
                ? Checked(value, $"environment variable {variable}")
                : (null, $"environment variable {variable} is not set");
        }

        return replica.ApiKeyFile is { } path ? FromFile(path) : (null, null);
    }

    private static (string? Value, string? Problem) FromFile(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostCharacters + 2)
            {
                return (null, $"file {path} is too long for a credential");
            }

            return Checked(File.ReadAllText(path).TrimEnd('\r', '\n'), $"file {path}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, $"file {path} cannot be read: {error.Message}");
        }
    }

    private static (string? Value, string? Problem) Checked(string value, string source) =>
        IsSendable(value) ? (value, null) : (null, $"{source} holds no credential: {Form}");

    public const string Form = "1 to 8192 visible ASCII characters";

    /// <summary>Whether it can stand in a header.</summary>
    public static bool IsSendable(string value) =>
        value.Length is > 0 and <= MostCharacters && value.All(c => c is > ' ' and <= '~');
}
