namespace Penstock.Simulator.Engine;

/// <summary>
/// How far a generation is: its prompt, computed in chunks, then token by token. Belongs to the scheduler's lock, but
/// for <see cref="Rounds"/>, which the answer's own task reads.
/// </summary>
internal sealed class StepProgress(int promptTokens)
{
    private int[] _lengths = [];
    private int _produced;

    /// <summary>Steps that have brought a token of each choice.</summary>
    public int Rounds => Volatile.Read(ref _produced);

    /// <summary>Tokens to be computed before the next one can come.</summary>
    public int Target { get; private set; } = promptTokens;

    /// <summary>Of them those that are computed, or were found.</summary>
    public int Computed { get; private set; }

    /// <summary>Prompt tokens that the cache held when it first began.</summary>
    public int CachedTokens { get; private set; } = -1;

    public int TokensLeft { get; private set; }

    public bool IsPlanned => _lengths.Length > 0;

    public bool IsPrefilling => Computed < Target;

    public bool IsDone => TokensLeft == 0;

    /// <summary>Choices that get a token in the next step.</summary>
    public int Width => TokensIn(_produced);

    /// <summary>How many tokens each choice will have.</summary>
    public void Plan(int[] lengths)
    {
        _lengths = lengths;
        TokensLeft = lengths.Sum();
    }

    public int TokensIn(int round)
    {
        var count = 0;
        foreach (var length in _lengths)
        {
            count += round < length ? 1 : 0;
        }

        return count;
    }

    public void Begin(int found)
    {
        Computed = found;
        CachedTokens = CachedTokens < 0 ? found : CachedTokens;
    }

    public void Compute(int tokens) => Computed += tokens;

    /// <summary>The next token of each choice is there.</summary>
    /// <returns>How many that are.</returns>
    public int Produce()
    {
        var tokens = Width;
        TokensLeft -= tokens;
        Target += tokens;
        Computed = Target;
        Volatile.Write(ref _produced, _produced + 1);
        return tokens;
    }

    /// <summary>All that was computed is lost.</summary>
    public void Restart() => Computed = 0;
}
