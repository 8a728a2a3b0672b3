using System.Text;

namespace Penstock.Cli;

/// <summary>Reads the file that a person names, or stdin for <c>-</c>.</summary>
internal static class DocumentText
{
    /// <summary>The data path's own default for a body, 32 MiB, some hundred thousand resources.</summary>
    private const int MaxLength = 32 * 1024 * 1024;

    public static async Task<string> ReadAsync(string path, Surroundings surroundings, CancellationToken cancel)
    {
        if (path == "-")
        {
            using var stdin = surroundings.OpenIn();
            return await ReadAsync(stdin, "stdin", cancel);
        }

        try
        {
            using var reader = new StreamReader(Path.Combine(surroundings.CurrentDirectory, path));
            return await ReadAsync(reader, path, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw VerbFailure.Failed($"cannot read {path}: {e.Message}");
        }
    }

    private static async Task<string> ReadAsync(TextReader reader, string name, CancellationToken cancel)
    {
        var text = new StringBuilder();
        var buffer = new char[16 * 1024];
        // A terminal's read heeds no token, so Ctrl-C leaves it behind.
        while (await reader.ReadAsync(buffer, cancel).AsTask().WaitAsync(cancel) is > 0 and var count)
        {
            if (text.Length + count > MaxLength)
            {
                throw VerbFailure.Failed($"{name} is longer than {MaxLength / (1024 * 1024)} MiB.");
            }

            text.Append(buffer, 0, count);
        }

        return text.ToString();
    }
}
