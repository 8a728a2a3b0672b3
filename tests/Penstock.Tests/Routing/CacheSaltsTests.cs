using System.Text;
using System.Text.RegularExpressions;
using Penstock.Routing;

namespace Penstock.Tests.Routing;

public sealed partial class CacheSaltsTests
{
    private static readonly Guid Acme = Guid.Parse("11111111-1111-1111-1111-111111111111");
    private static readonly Guid Globex = Guid.Parse("22222222-2222-2222-2222-222222222222");

    private readonly CacheSalts _salts = new("a secret of sixteen"u8);

    [Fact]
    public void Gateways_with_one_secret_give_a_workspace_the_same_salt_and_others_another()
    {
        var member = Text(_salts.MemberOf(Acme));

        Assert.Equal(member, Text(new CacheSalts("a secret of sixteen"u8).MemberOf(Acme)));
        Assert.NotEqual(member, Text(_salts.MemberOf(Globex)));
        Assert.NotEqual(member, Text(new CacheSalts("another secret"u8).MemberOf(Acme)));
    }

    [Fact]
    public void A_salt_is_short_and_plain_as_vllm_wants_it() => Assert.Matches(Member(), Text(_salts.MemberOf(Acme)));

    [Fact]
    public void A_caller_s_own_salt_divides_its_workspace_and_does_not_leave_it()
    {
        var mixed = Text(_salts.Mixed(Acme, "\"mine\""u8));

        Assert.NotEqual(mixed, Text(_salts.Mixed(Globex, "\"mine\""u8)));
        Assert.NotEqual(mixed, Text(_salts.Mixed(Acme, "\"yours\""u8)));
        Assert.Contains(Text(_salts.Mixed(Acme, [])), Text(_salts.MemberOf(Acme)), StringComparison.Ordinal);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.ASCII.GetString(bytes.Span);

    [GeneratedRegex("^,\"cache_salt\":\"[A-Za-z0-9_-]{43}\"$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Member();
}
