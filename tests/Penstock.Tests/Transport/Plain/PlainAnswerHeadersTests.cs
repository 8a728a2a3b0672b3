using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Penstock.Primitives;
using Penstock.Transport.Plain;

namespace Penstock.Tests.Transport.Plain;

/// <summary>They behave as the framework's do, whatever is done to them.</summary>
public sealed class PlainAnswerHeadersTests
{
    private const int Usual = 9;

    /// <summary>The first few stand for the ones that every answer has; of all there are more than are kept.</summary>
    private static readonly string[] Names =
    [
        "X-Request-Id",
        "x-request-id",
        new("X-Request-Id".AsSpan()),
        "Content-Type",
        "Content-Length",
        "content-length",
        "Connection",
        "X",
        "Retry-After",
        .. Enumerable.Range(0, 90).Select(i => $"X-{i}"),
    ];

    private static readonly StringValues[] Values = ["7", "", "twelve", default, new(["a", "b"]), new(["one"])];
    private static readonly StringValues[] Lengths = ["0", "7", "1234567890123", default];

    private readonly Chance _chance = new(20261126);
    private readonly PlainAnswerHeaders _ours = [];
    private readonly HeaderDictionary _theirs = [];

    [Fact]
    public void As_the_frameworks_own()
    {
        for (var i = 0; i < 100_000; i++)
        {
            var name = Names[_chance.Below(_chance.Below(20) == 0 ? Names.Length : Usual)];
            var isLength = name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase);
            var (step, value) = (_chance.Below(14), _chance.Of(isLength ? Lengths : Values));
            Assert.Equal(Do(_theirs, step, name, value), Do(_ours, step, name, value));
            Assert.Equal(All(_theirs), All(_ours));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("+1")]
    [InlineData("1,1")]
    [InlineData("99999999999999999999")]
    public void A_length_is_a_number(string length) =>
        Assert.Throws<InvalidOperationException>(() => _ours["content-length"] = length);

    [Fact]
    public void A_length_is_not_negative() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _ours.ContentLength = -1);

    [Fact]
    public void A_header_has_a_name()
    {
        Assert.Throws<ArgumentException>(() => _ours[""] = "x");
        Assert.False(_ours.ContainsKey(""));
    }

    private static string Do(IHeaderDictionary headers, int step, string name, StringValues value)
    {
        switch (step)
        {
            case < 5:
                headers[name] = value;
                return "";
            case 5 when value.Count > 0:
                return
                    Record.Exception(() => ((IDictionary<string, StringValues>)headers).Add(name, value))
                    is ArgumentException
                    ? "twice"
                    : "added";
            case 6:
                return $"{headers.Remove(name)}";
            case 7:
                return $"{headers.TryGetValue(name, out var got)} {got}";
            case 8:
                return $"{headers.ContainsKey(name)} {headers[name]}";
            case 9:
                headers.ContentLength = name.Length < 5 ? null : name.Length;
                return $"{headers.ContentLength}";
            case 10:
                return $"{headers.Contains(new(name, value))} {headers.Remove(new KeyValuePair<string, StringValues>(name, value))}";
            case 11 when name.Length < 5:
                headers.Clear();
                return "";
            default:
                return $"{headers.ContentType} {headers.Connection} {headers.ContentLength} {headers.Count}";
        }
    }

    private static IEnumerable<string> All(IHeaderDictionary headers)
    {
        var copy = new KeyValuePair<string, StringValues>[headers.Count];
        headers.CopyTo(copy, 0);
        Assert.Equal(headers.Keys.Order(), copy.Select(header => header.Key).Order());
        Assert.Equal(headers.Values.Count, copy.Length);
        return copy.Select(header => $"{header.Key.ToUpperInvariant()}: {header.Value}").Order();
    }
}
