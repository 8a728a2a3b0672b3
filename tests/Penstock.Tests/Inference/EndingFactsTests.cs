using Microsoft.Extensions.Logging;
using Penstock.Forwarding;
using Penstock.Inference;

namespace Penstock.Tests.Inference;

public sealed class EndingFactsTests
{
    public static TheoryData<string> Endings => [.. Enum.GetNames<InferenceEnding>()];

    [Theory]
    [MemberData(nameof(Endings))]
    public void Every_ending_has_a_status_and_a_label_of_its_own(string name)
    {
        var ending = Enum.Parse<InferenceEnding>(name);
        var facts = EndingFacts.Of(ending);
        Assert.InRange(facts.Status, 200, 599);
        Assert.Single(Enum.GetValues<InferenceEnding>(), other => EndingFacts.Of(other).Label == facts.Label);
        Assert.Equal(
            facts.Status >= 500 || ending == InferenceEnding.EngineRateLimited,
            facts.Level >= LogLevel.Warning
        );
    }

    [Fact]
    public void Every_failure_of_a_call_has_words_for_the_caller()
    {
        foreach (var failure in Enum.GetValues<UpstreamFailure>().Where(failure => failure != UpstreamFailure.None))
        {
            Assert.NotEmpty(EngineRefusals.Of(failure).Message);
        }
    }
}
