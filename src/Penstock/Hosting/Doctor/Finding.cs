using System.Text.Json.Serialization;

namespace Penstock.Hosting.Doctor;

/// <summary>One thing that was looked at: how it is, what was seen, and what to do about it.</summary>
/// <param name="Name">Of the check; one check may find several things.</param>
/// <param name="Advice">Null where there is nothing to do.</param>
internal sealed record Finding(string Name, CheckStatus Status, string Seen, string? Advice)
{
    public static Finding Ok(string name, string seen) => new(name, CheckStatus.Ok, seen, Advice: null);

    public static Finding Warning(string name, string seen, string advice) =>
        new(name, CheckStatus.Warning, seen, advice);

    public static Finding Problem(string name, string seen, string advice) =>
        new(name, CheckStatus.Problem, seen, advice);
}

/// <summary>How bad it is: a warning can wait, a problem keeps Penstock from working as it should.</summary>
internal enum CheckStatus
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("warning")]
    Warning,

    [JsonStringEnumMemberName("problem")]
    Problem,
}
