using System.Globalization;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Deployment;

/// <summary>The executable and the image: what is in them, and that they serve where nothing but their data can be written.</summary>
public sealed class ReleaseTests(PublishedRelease release) : IClassFixture<PublishedRelease>
{
    /// <summary>
    /// Everything but the data folder becomes read-only, in a view of the files that is this process's own; then it is
    /// nobody in particular, as in a cluster.
    /// </summary>
    private const string Confined = """
        set -e
        mount --bind "$1" "$1"
        mount -o remount,ro,bind "$(stat --format %m "$0")"
        if touch "$0" 2>/dev/null; then
          exit 3
        fi
        shift
        exec "$@"
        """;

    [Fact]
    public void A_publish_is_one_file() =>
        Assert.Equal(["penstock"], Directory.EnumerateFileSystemEntries(release.Folder).Select(Path.GetFileName));

    [Fact]
    public async Task The_executable_serves_where_only_its_data_can_be_written()
    {
        using var place = new TempFolder();
        var unpacked = Path.Combine(place.File("data"), "unpacked");

        await ServesAsync(release.Executable, place, ("DOTNET_BUNDLE_EXTRACT_BASE_DIR", unpacked));
    }

    [Fact]
    public async Task The_image_s_program_serves_where_only_its_data_can_be_written_and_unpacks_nothing()
    {
        using var place = new TempFolder();

        await ServesAsync(Path.Combine(release.ImageFiles, "app", "penstock"), place);

        Assert.Equal(["penstock"], Directory.EnumerateDirectories(place.File("data")).Select(Path.GetFileName));
    }

    [Fact]
    public void The_image_is_not_root_s_and_says_how_it_is_started()
    {
        var config = release.Image.Config;

        Assert.Equal("1654", Text("User"));
        Assert.Equal(["/app/penstock"], Texts("Entrypoint"));
        Assert.Equal(["serve", "--urls", "http://0.0.0.0:8080", "--data", "/data", "--no-discovery"], Texts("Cmd"));
        Assert.Equal(["8080/tcp"], config["ExposedPorts"]!.AsObject().Select(port => port.Key));
        Assert.Contains("DOTNET_EnableDiagnostics=0", Texts("Env"));
        Assert.Contains("TMPDIR=/data", Texts("Env"));
        Assert.Equal("Penstock", config["Labels"]!["org.opencontainers.image.title"]!.GetValue<string>());
        Assert.Equal("Apache-2.0", config["Labels"]!["org.opencontainers.image.licenses"]!.GetValue<string>());
        Assert.Equal("0.1.0", release.Image.Tag);

        string Text(string name) => config[name]!.GetValue<string>();
        IEnumerable<string> Texts(string name) => config[name]!.AsArray().Select(text => text!.GetValue<string>());
    }

    private static async Task ServesAsync(string program, TempFolder place, params (string, string?)[] variables)
    {
        var data = Directory.CreateDirectory(place.File("data")).FullName;
        File.SetUnixFileMode(data, (UnixFileMode)0b111_111_111);
        MakePassable(place.Path);
        MakePassable(program);
        var url = $"http://127.0.0.1:{FreePort.Take().ToString(CultureInfo.InvariantCulture)}";
        // Who is not root is nobody in particular already, and may have a view of its own by being root in name.
        var isRoot = Environment.IsPrivilegedProcess;
        string[] arguments =
        [
            "--mount",
            .. isRoot ? Array.Empty<string>() : ["--map-root-user"],
            "sh",
            "-c",
            Confined,
            program,
            data,
            .. isRoot ? ["setpriv", "--reuid", "1654", "--regid", "1654", "--clear-groups"] : Array.Empty<string>(),
            program,
            "serve",
            "--urls",
            url,
            "--data",
            Path.Combine(data, "penstock"),
            "--no-discovery",
        ];
        var environment = variables.ToDictionary(it => it.Item1, it => it.Item2, StringComparer.Ordinal);
        environment["HOME"] = "/nonexistent";
        environment["TMPDIR"] = data;
        await using var process = ChildProcess.Start("unshare", arguments, environment, place.Path);
        var key = KeyForm.FindIn(
            await process.Output.LineAsync(line => KeyForm.FindIn(line) is not null, "the key of a first start")
        );
        using var http = new HttpClient { BaseAddress = new Uri(url) };

        (await new GatewayClient(http, key).ChatAsync(ChatBody.Minimal("demo"))).Expect(200);

        process.Terminate();
        Assert.Equal(0, await process.WaitForExitAsync());
    }

    /// <summary>A temporary folder is its maker's alone: who is nobody in particular must be let through to the program.</summary>
    private static void MakePassable(string path)
    {
        const UnixFileMode Passable = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        for (
            var part = path;
            part is not null && part.StartsWith(Path.GetTempPath(), StringComparison.Ordinal);
            part = Path.GetDirectoryName(part)
        )
        {
            if (part.TrimEnd('/') != Path.GetTempPath().TrimEnd('/'))
            {
                File.SetUnixFileMode(part, File.GetUnixFileMode(part) | Passable);
            }
        }
    }
}
