using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

public sealed class EngineControlsTests
{
    public static TheoryData<string> Names() => [.. EngineControls.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_noted_and_refused_by_name(string name)
    {
        var envelope = Bodies.Accepted(Bodies.With($"\"{name}\":{{\"any\":[\"value\"]}}"));
        Assert.Equal(name, envelope.EngineControl);

        var refusal = EngineControls.Refuse(envelope);
        Assert.Equal((RefusalCode.UnsupportedParameter, name), (refusal?.Code, refusal?.Param));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Null_is_not_given(string name) =>
        Assert.Null(EngineControls.Refuse(Bodies.Accepted(Bodies.With($"\"{name}\":null"))));

    [Fact]
    public void The_first_of_several_is_named() =>
        Assert.Equal("rid", Bodies.Accepted(Bodies.With("\"lora\":null,\"r\\u0069d\":1,\"priority\":1")).EngineControl);

    [Fact]
    public void The_settings_of_a_chat_template_are_the_callers_own() =>
        Assert.Null(Bodies.Accepted(Bodies.With("\"chat_template_kwargs\":{\"thinking\":true}")).EngineControl);

    [Fact]
    public void They_fit_the_set_in_which_repetitions_are_noted() => Assert.InRange(EngineControls.Names.Count, 1, 64);
}
