namespace Penstock.Simulator.Engine;

/// <summary>
/// What one step of the engine takes: a constant, so much for each sequence in the batch, so much for each prompt token.
/// </summary>
/// <param name="Base">Launching kernels, sampling, the scheduler itself.</param>
/// <param name="PerSequence">What a larger batch adds.</param>
/// <param name="PerPromptToken">The inverse of the prefill rate.</param>
internal sealed record StepCost(TimeSpan Base, TimeSpan PerSequence, TimeSpan PerPromptToken)
{
    /// <summary>Whether steps take any time; without, tokens come as the pace of each request says.</summary>
    public bool IsModelled => Base > TimeSpan.Zero || PerSequence > TimeSpan.Zero || PerPromptToken > TimeSpan.Zero;

    public long Of(int sequences, int promptTokens) =>
        Base.Ticks + (PerSequence.Ticks * sequences) + (PerPromptToken.Ticks * promptTokens);
}
