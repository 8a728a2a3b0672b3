namespace Penstock.Probing.Conformance;

/// <summary>What one probe may cost its engine. Tokens are reserved before a call and settled by what it really took.</summary>
internal sealed class ProbeBudget
{
    /// <summary>Calls that may generate: one for each thing to find out, and one more where the first is ambiguous.</summary>
    public const int MostCalls = 12;

    /// <summary>Less than a sentence, on whatever hardware.</summary>
    public const int MostTokens = 40;

    public int Calls { get; private set; }
    public int Tokens { get; private set; }

    public int TokensLeft => MostTokens - Tokens;

    /// <summary>Takes a call and the most it may generate; a check that cannot pay stays unanswered.</summary>
    public bool TryTake(int tokens)
    {
        if (Calls >= MostCalls || tokens > TokensLeft)
        {
            return false;
        }

        Calls++;
        Tokens += tokens;
        return true;
    }

    /// <summary>Gives back what a call did not generate.</summary>
    public void Settle(int reserved, int used) => Tokens -= Math.Clamp(reserved - used, 0, reserved);
}
