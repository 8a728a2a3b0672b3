using System.Text;
using Microsoft.Extensions.Time.Testing;
using Penstock.Transport.Plain;

namespace Penstock.Tests.Transport.Plain;

public sealed class DateLineTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 9, 8, 7, 6, TimeSpan.Zero));

    [Fact]
    public void It_is_made_once_a_second_and_follows_the_heartbeat()
    {
        var date = new DateLine(_time);
        Assert.Equal("Date: Mon, 09 Nov 2026 08:07:06 GMT\r\n", Encoding.ASCII.GetString(date.Now));
        var line = date.Now;

        _time.Advance(TimeSpan.FromMilliseconds(900));
        date.Beat(_time.GetTimestamp());
        Assert.True(line == date.Now);

        _time.Advance(TimeSpan.FromMilliseconds(100));
        date.Beat(_time.GetTimestamp());
        Assert.Equal("Date: Mon, 09 Nov 2026 08:07:07 GMT\r\n", Encoding.ASCII.GetString(date.Now));
    }
}
