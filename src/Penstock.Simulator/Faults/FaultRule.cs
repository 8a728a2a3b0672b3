using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Faults;

/// <summary>Some of the server's own directives and the requests they are for, which it counts.</summary>
internal sealed class FaultRule(
    FaultSelector selector,
    IReadOnlyList<(Directive Directive, string Value)> words,
    ulong seed
)
{
    // Most servers have one rule and most requests no directives below it: then nothing is put together anew.
    private readonly Directives _alone = Fold(Directives.None, words);
    private long _seen;

    public bool IsForGenerations => selector.On is null;

    public Directives Apply(Directives directives, HttpRequest request, bool isGeneration, TimeSpan age)
    {
        if (!selector.Sees(request, isGeneration, age))
        {
            return directives;
        }

        var number = Interlocked.Increment(ref _seen);
        if (!selector.Picks(number, new Dice(Dice.Mix(seed + (ulong)number)).Share()))
        {
            return directives;
        }

        return ReferenceEquals(directives, Directives.None) ? _alone : Fold(directives, words);
    }

    private static Directives Fold(Directives directives, IReadOnlyList<(Directive Directive, string Value)> words) =>
        words.Aggregate(directives, (sum, word) => word.Directive.Apply(sum, word.Value));
}
