using System.Security.Cryptography;
using Penstock.Registry.Changes;
using Penstock.Registry.Reading;

namespace Penstock.Registry;

/// <summary>The file of <c>serve --config</c>: applied when its content differs from what was read last.</summary>
/// <param name="path">Of the file or of a link to it; a link is followed anew each time.</param>
/// <param name="prune">Whether what the file does not name goes.</param>
internal sealed class ConfigFile(string path, bool prune, RegistryFileApplier applier, ILogger<ConfigFile> logger)
{
    private byte[] _lastRead = [];
    private bool _missing;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>
    /// Applies the file now, changed or not, and leaves it to the caller to tell of mistakes. A file that cannot be read
    /// is one too.
    /// </summary>
    public async Task<Outcome<ApplyOutcome>> ApplyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var content = await ReadAsync(cancellationToken);
            _lastRead = SHA256.HashData(content);
            return await ApplyAsync(content, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var mistake = new Mistake(
                Place.Nowhere,
                MistakeCodes.NotFound,
                $"the file cannot be read: {error.Message}"
            );
            return new Outcome<ApplyOutcome>(null, [mistake]);
        }
    }

    /// <summary>Applies the file if it changed; tells the log of every mistake. A file that is away changes nothing.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        byte[] content;
        try
        {
            content = await ReadAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_missing)
            {
                ConfigFileLog.Missing(logger, Path, error.Message);
            }

            _missing = true;
            return;
        }

        _missing = false;
        var hash = SHA256.HashData(content);
        if (!hash.AsSpan().SequenceEqual(_lastRead))
        {
            Tell(await ApplyAsync(content, cancellationToken));
            // Not before: while the store is away it is tried again at each look.
            _lastRead = hash;
        }
    }

    private void Tell(Outcome<ApplyOutcome> outcome)
    {
        foreach (var mistake in outcome.Mistakes)
        {
            ConfigFileLog.Mistake(logger, Path, mistake);
        }

        if (outcome.Refused)
        {
            ConfigFileLog.Refused(logger, Path, outcome.Mistakes.Count);
        }
    }

    private async Task<Outcome<ApplyOutcome>> ApplyAsync(byte[] content, CancellationToken cancellationToken)
    {
        var outcome = await applier.ApplyAsync(content, Actors.OfFile(Path), prune, cancellationToken);
        if (outcome.Refused)
        {
            return outcome;
        }

        foreach (var note in outcome.Value!.Notes)
        {
            ConfigFileLog.Note(logger, Path, note);
        }

        ConfigFileLog.Applied(logger, Path, outcome.Value.Changes.Count);
        return outcome;
    }

    /// <summary>One byte more than is taken, so that the reader sees that it is too long and says so.</summary>
    private async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(Path);
        var buffer = new byte[Math.Min(stream.Length, DocumentLimits.MostBytes) + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..length];
    }
}
