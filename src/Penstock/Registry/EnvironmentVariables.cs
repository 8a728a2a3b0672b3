namespace Penstock.Registry;

/// <summary>The environment of the server, as a parameter.</summary>
internal sealed class EnvironmentVariables(Func<string, string?> read)
{
    public static EnvironmentVariables OfTheProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>null: not set, or set to nothing.</summary>
    public string? Find(string name) => read(name) is { Length: > 0 } value ? value : null;
}
