using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>An image in a file, in the layout of the Open Container Initiative, unpacked into a folder.</summary>
internal sealed class ImageArchive
{
    private readonly string _folder;
    private readonly JsonNode _entry;
    private readonly JsonNode _manifest;

    private ImageArchive(string folder)
    {
        _folder = folder;
        _entry = Json(Path.Combine(folder, "index.json"))["manifests"]!.AsArray().Single()!;
        _manifest = Json(Blob(_entry));
        Config = Json(Blob(_manifest["config"]!))["config"]!;
    }

    public JsonNode Config { get; }

    /// <summary>What the archive is called besides its digest.</summary>
    public string Tag => Text(_entry["annotations"]!["org.opencontainers.image.ref.name"]!);

    public static async Task<ImageArchive> UnpackAsync(string file, string folder)
    {
        await using var bytes = File.OpenRead(file);
        await ExtractAsync(bytes, folder);
        return new ImageArchive(folder);
    }

    /// <summary>The files that our own build has added: the last layer.</summary>
    public async Task ExtractProgramAsync(string folder)
    {
        await using var layer = File.OpenRead(Blob(_manifest["layers"]!.AsArray()[^1]!));
        await using var tar = new GZipStream(layer, CompressionMode.Decompress);
        await ExtractAsync(tar, folder);
    }

    private string Blob(JsonNode named) => Path.Combine([_folder, "blobs", .. Text(named["digest"]!).Split(':')]);

    private static async Task ExtractAsync(Stream tar, string folder)
    {
        Directory.CreateDirectory(folder);
        await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: true);
    }

    private static JsonNode Json(string file) => JsonNode.Parse(File.ReadAllText(file))!;

    private static string Text(JsonNode node) => node.GetValue<string>();
}
