using Penstock.Metering;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Metering;

public sealed class UsageSpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestMeters _meters = new();

    private string Folder => _folder.File("spool");

    [Fact]
    public void What_was_appended_is_read_in_order_and_gone_once_it_is_removed()
    {
        using var spool = Open();
        var rows = Enumerable.Range(0, 3).Select(_ => Rows.Full()).ToArray();

        Assert.True(spool.Append(rows));
        var segment = spool.ReadOldest()!;
        Assert.Equal(rows, segment.Rows);
        Assert.False(spool.IsEmpty);

        spool.Remove(segment);
        Assert.True(spool.IsEmpty);
        Assert.Empty(Directory.GetFiles(Folder));
        Assert.Equal(0, _meters.Sum("penstock.ledger.spooled"));
    }

    [Fact]
    public void Nothing_is_there_until_something_is_appended()
    {
        using var spool = Open();

        Assert.Null(spool.ReadOldest());
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void A_later_start_finds_what_an_earlier_one_left_oldest_first()
    {
        var (early, late) = (Rows.Full(), Rows.Full());
        using (var first = Open())
        {
            first.Append([early]);
        }

        using var spool = Open();
        spool.Append([late]);

        var segment = spool.ReadOldest()!;
        Assert.Equal([early], segment.Rows);
        spool.Remove(segment);
        Assert.Equal([late], spool.ReadOldest()!.Rows);
    }

    [Fact]
    public void A_file_that_a_kill_cut_anywhere_gives_every_row_before_the_cut()
    {
        using (var spool = Open())
        {
            spool.Append([Rows.Full(), Rows.Full()]);
        }

        var file = Directory.GetFiles(Folder).Single();
        var bytes = File.ReadAllBytes(file);
        for (var length = bytes.Length - 1; length > 0; length--)
        {
            File.WriteAllBytes(file, bytes[..length]);
            var segment = SpoolSegment.Read(file);

            Assert.Equal(length >= bytes.Length / 2 ? 1 : 0, segment.Rows.Count);
            Assert.False(segment.Damaged);
        }
    }

    [Fact]
    public void A_damaged_file_gives_what_is_whole_and_is_kept_aside()
    {
        using (var writing = Open())
        {
            writing.Append([Rows.Full(), Rows.Full()]);
        }

        var file = Directory.GetFiles(Folder).Single();
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        using var spool = Open();

        var segment = spool.ReadOldest()!;
        Assert.Single(segment.Rows);
        var aside = spool.Remove(segment)!;

        Assert.True(File.Exists(aside));
        Assert.True(spool.IsEmpty);
        using var later = Open();
        Assert.Null(later.ReadOldest());
    }

    [Fact]
    public void A_full_spool_takes_no_more_and_says_so()
    {
        using var spool = Open(1 << 20);
        var taken = 0;
        while (spool.Append([Rows.Full()]))
        {
            taken++;
        }

        Assert.InRange(taken, 1_000, 20_000);
        var rows = 0;
        while (spool.ReadOldest() is { } segment)
        {
            rows += segment.Rows.Count;
            spool.Remove(segment);
        }

        Assert.Equal(taken, rows);
        Assert.True(spool.Append([Rows.Full()]));
    }

    [Fact]
    public void Rows_of_many_threads_are_all_there_once()
    {
        using var spool = Open();
        Threads.Run(
            8,
            _ =>
            {
                for (var i = 0; i < 500; i++)
                {
                    Assert.True(spool.Append([Rows.Full()]));
                }
            }
        );

        var ids = new HashSet<Guid>();
        while (spool.ReadOldest() is { } segment)
        {
            Assert.All(segment.Rows, row => Assert.True(ids.Add(row.RequestId)));
            spool.Remove(segment);
        }

        Assert.Equal(4_000, ids.Count);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _folder.Dispose();
    }

    private UsageSpool Open(long bytes = 1 << 30) =>
        new(Folder, new LedgerOptions { SpoolBytes = bytes }, new LedgerMetrics(_meters.Factory));
}
