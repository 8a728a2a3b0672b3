using Penstock.Registry.Changes;
using Penstock.Tests.Registry;

#pragma warning disable MA0047 // The runtime looks for this name outside any namespace.

/// <summary>
/// Runs before the entry point when DOTNET_STARTUP_HOOKS names this assembly: turns the test program into one that does
/// nothing but write to a registry, to be killed by a test.
/// </summary>
internal static class StartupHook
{
    public const string FolderVariable = "PENSTOCK_TEST_WRITE_TO";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
        {
            WriteAsync(folder).GetAwaiter().GetResult();
        }
    }

    /// <summary>Writes until it is killed; each id is printed once its write has been acknowledged.</summary>
    private static async Task WriteAsync(string folder)
    {
        using var registry = new TestRegistry(folder);
        await registry.Live.OpenAsync(CancellationToken.None);
        if (registry.State.FindWorkspace("w") is null)
        {
            await registry.MakeWorkspaceAsync("w");
        }

        while (true)
        {
            var name = Guid.NewGuid().ToString("N");
            var key = await registry.MakeKeyAsync("w", name);
            Acknowledge(RegistryDraft.IdOf(key.Key.Id));
            var deployment = await registry.MakeDeploymentAsync("w", name);
            Acknowledge(RegistryDraft.IdOf(deployment.Id));
        }
    }

    /// <summary>The dot tells a whole line from one that the kill has cut.</summary>
    private static void Acknowledge(string id) => Console.Out.WriteLine(id + ".");
}
