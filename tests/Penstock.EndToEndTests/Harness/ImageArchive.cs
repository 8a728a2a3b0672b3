using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>An image in a file, as <c>docker load</c> takes it, unpacked into a folder.</summary>
internal sealed class ImageArchive
{
    private readonly string _folder;
    private readonly JsonNode _manifest;

    private ImageArchive(string folder)
    {
        _folder = folder;
        _manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json")))![0]!;
        Config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, Text(_manifest["Config"]!))))!["config"]!;
    }

    public JsonNode Config { get; }

    public IEnumerable<string> Tags => _manifest["RepoTags"]!.AsArray().Select(tag => Text(tag!));

    public static async Task<ImageArchive> UnpackAsync(string file, string folder)
    {
        await ExtractAsync(file, folder);
        return new ImageArchive(folder);
    }

    /// <summary>The files that our own build has added: the last layer.</summary>
    public Task ExtractProgramAsync(string folder) =>
        ExtractAsync(Path.Combine(_folder, Text(_manifest["Layers"]!.AsArray()[^1]!)), folder);

    private static async Task ExtractAsync(string file, string folder)
    {
        Directory.CreateDirectory(folder);
        await using var bytes = File.OpenRead(file);
        await using var tar = new GZipStream(bytes, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: true);
    }

    private static string Text(JsonNode node) => node.GetValue<string>();
}
