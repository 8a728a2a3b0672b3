using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Deployment;

/// <summary>What a release consists of, made by the SDK as a release makes it, less the compiling ahead: that takes a minute.</summary>
public sealed class PublishedRelease : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    internal string Folder => _folder.File("publish");

    internal string Executable => Path.Combine(Folder, "penstock");

    internal ImageArchive Image { get; private set; } = null!;

    /// <summary>The files of the image, without those of its base.</summary>
    internal string ImageFiles => _folder.File("root");

    public async ValueTask InitializeAsync()
    {
        await PublishAsync("--output", Folder);
        await using var registry = new ImageRegistry();
        var archive = _folder.File("image.tar");
        await PublishAsync(
            "-t:PublishContainer",
            "-p:ForImage=true",
            $"-p:ContainerBaseImage={registry.BaseImage}",
            $"-p:ContainerArchiveOutputPath={archive}"
        );
        Image = await ImageArchive.UnpackAsync(archive, _folder.File("image"));
        await Image.ExtractProgramAsync(ImageFiles);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task PublishAsync(params string[] more)
    {
        string[] arguments =
        [
            "publish",
            Path.Combine(Built.Repository, "src", "Penstock"),
            "--configuration",
            "Release",
            "--runtime",
            "linux-x64",
            // What the build before the tests has checked is not checked again.
            "-p:RunAnalyzers=false",
            "-p:PublishReadyToRun=false",
            "--disable-build-servers",
            .. more,
        ];
        // The runtime comes over the network on a cold machine.
        (await ChildProcess.RunAsync("dotnet", arguments, patience: TimeSpan.FromMinutes(5))).Expect(0);
    }
}
