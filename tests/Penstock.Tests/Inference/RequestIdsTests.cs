using Microsoft.Extensions.Time.Testing;
using Penstock.Inference;

namespace Penstock.Tests.Inference;

public sealed class RequestIdsTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123));

    [Fact]
    public void An_id_is_a_uuid_of_version_7_that_holds_its_moment()
    {
        var id = RequestIds.Create(_time.GetUtcNow());

        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 8, 11);
        Assert.StartsWith(1_700_000_000_123.ToString("x12"), id.ToString("N"), StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_of_later_moments_sort_behind()
    {
        var ids = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            ids.Add(RequestIds.Create(_time.GetUtcNow()).ToString());
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }
}
