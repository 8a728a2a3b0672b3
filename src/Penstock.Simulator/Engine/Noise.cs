using Penstock.Simulator.Answers;

namespace Penstock.Simulator.Engine;

/// <summary>
/// Log-normal factors around one, the same again for the same seed: real steps are rarely a little early and sometimes
/// very late.
/// </summary>
/// <param name="sigma">How wide they spread; 0 is always one.</param>
/// <param name="seed">Which ones.</param>
internal sealed class Noise(double sigma, ulong seed)
{
    // A factor beyond is an accident and no noise: that is what directives are for.
    private const double Most = 5;

    private Dice _dice = new(seed);

    public long Of(long units) => sigma > 0 ? (long)(units * Factor()) : units;

    private double Factor()
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - _dice.Share())) * Math.Cos(2 * Math.PI * _dice.Share());
        // The mean stays one, so that noise makes nothing slower on the whole.
        return Math.Min(Math.Exp((sigma * normal) - (sigma * sigma / 2)), Most);
    }
}
