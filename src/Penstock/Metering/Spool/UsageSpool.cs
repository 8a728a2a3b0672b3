using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Penstock.Metering;

/// <summary>
/// Rows that wait on disk for the database: numbered files that are only ever appended to, read from the oldest and
/// deleted when the database has them. A file is begun anew at each start, so that what a kill tore stays at an end.
/// </summary>
internal sealed class UsageSpool : IDisposable
{
    /// <summary>Read back and written as one transaction: some 4,000 rows.</summary>
    private const int SegmentBytes = 1 << 20;

    private const string Pattern = "*.spool";

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly long _mostBytes;
    private readonly LedgerMetrics _metrics;
    private readonly SortedSet<string> _sealed;
    private SafeFileHandle? _active;
    private string _activeFile = "";
    private long _activeLength;
    private long _sealedBytes;
    private long _number;

    /// <param name="folder">Made when it is needed first.</param>
    public UsageSpool(string folder, LedgerOptions options, LedgerMetrics metrics)
    {
        _folder = folder;
        _mostBytes = options.SpoolBytes;
        _metrics = metrics;
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, Pattern) : [];
        _sealed = new SortedSet<string>(files, StringComparer.Ordinal);
        _sealedBytes = files.Sum(file => new FileInfo(file).Length);
        _number = _sealed.Max is { } newest ? NumberOf(newest) : 0;
        _metrics.Spool(_sealedBytes);
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _sealed.Count == 0 && _active is null;
            }
        }
    }

    /// <summary>Appends rows. They survive the death of the process when this returns true.</summary>
    /// <returns>False: the spool is full, or the disk does not take them.</returns>
    public bool Append(ReadOnlySpan<UsageRecord> rows)
    {
        Span<byte> frame = stackalloc byte[UsageFrame.Largest];
        lock (_gate)
        {
            foreach (ref readonly var row in rows)
            {
                if (!TryWrite(frame[..UsageFrame.Write(frame, row)]))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The oldest file with what is in it; null when nothing waits.</summary>
    public SpoolSegment? ReadOldest()
    {
        string file;
        lock (_gate)
        {
            if (_sealed.Count == 0)
            {
                Seal();
            }

            if (_sealed.Min is not { } oldest)
            {
                return null;
            }

            file = oldest;
        }

        return SpoolSegment.Read(file);
    }

    /// <summary>The database has the rows of this file.</summary>
    /// <returns>Where a damaged file was moved to, so that somebody may look at it; null: it was deleted.</returns>
    public string? Remove(SpoolSegment segment)
    {
        lock (_gate)
        {
            var length = new FileInfo(segment.File).Length;
            _sealedBytes -= length;
            _sealed.Remove(segment.File);
            _metrics.Spool(-length);
        }

        if (!segment.Damaged)
        {
            File.Delete(segment.File);
            return null;
        }

        var aside = segment.File + ".damaged";
        File.Move(segment.File, aside, overwrite: true);
        return aside;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Seal();
        }
    }

    private static long NumberOf(string file) =>
        long.TryParse(
            Path.GetFileNameWithoutExtension(file),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;

    private bool TryWrite(ReadOnlySpan<byte> frame)
    {
        if (_sealedBytes + _activeLength + frame.Length > _mostBytes)
        {
            return false;
        }

        try
        {
            _active ??= Begin();
            RandomAccess.Write(_active, frame, _activeLength);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Half a frame may be there: it must stay the end of its file.
            Seal();
            return false;
        }

        _activeLength += frame.Length;
        _metrics.Spool(frame.Length);
        if (_activeLength >= SegmentBytes)
        {
            Seal();
        }

        return true;
    }

    private SafeFileHandle Begin()
    {
        Directory.CreateDirectory(_folder);
        _number++;
        // As many digits as any number has: names sort as numbers do.
        _activeFile = Path.Combine(_folder, _number.ToString("D19", CultureInfo.InvariantCulture) + ".spool");
        _activeLength = 0;
        return File.OpenHandle(_activeFile, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    private void Seal()
    {
        if (_active is null)
        {
            return;
        }

        _active.Dispose();
        _active = null;
        _sealed.Add(_activeFile);
        _sealedBytes += _activeLength;
        _activeLength = 0;
    }
}
