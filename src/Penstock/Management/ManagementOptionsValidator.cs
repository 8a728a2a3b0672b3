using Microsoft.Extensions.Options;

namespace Penstock.Management;

/// <summary>Checks <see cref="ManagementOptions"/> at start.</summary>
internal sealed class ManagementOptionsValidator : IValidateOptions<ManagementOptions>
{
    public ValidateOptionsResult Validate(string? name, ManagementOptions options)
    {
        var failures = ManagementListener
            .Split(options.Urls)
            .Select(url => (url, problem: ManagementListener.Problem(url)))
            .Where(checkedUrl => checkedUrl.problem is not null)
            .Select(checkedUrl => $"Management:Urls '{checkedUrl.url}' cannot be used: {checkedUrl.problem}")
            .ToList();
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
