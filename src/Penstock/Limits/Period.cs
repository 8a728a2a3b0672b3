using System.Runtime.InteropServices;

namespace Penstock.Limits;

/// <summary>What was used of one day or month, and what is reserved. Begins anew with each. Not thread-safe.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Period
{
    private long _number;

    public long Tokens { get; private set; }
    public long Cost { get; private set; }
    public long ReservedTokens { get; private set; }
    public long ReservedCost { get; private set; }

    /// <returns>Whether it began anew.</returns>
    public bool Advance(long number)
    {
        if (number <= _number)
        {
            return false;
        }

        this = new Period { _number = number };
        return true;
    }

    public void Use(Outlay used)
    {
        Tokens += used.Tokens;
        Cost += used.Cost;
    }

    /// <summary>At least so much was used.</summary>
    public void Raise(Outlay known)
    {
        Tokens = Math.Max(Tokens, known.Tokens);
        Cost = Math.Max(Cost, known.Cost);
    }

    public void Reserve(Outlay held)
    {
        ReservedTokens += held.Tokens;
        ReservedCost += held.Cost;
    }

    /// <summary>Takes a reservation back; one of an earlier period went with it.</summary>
    public void Release(long number, Outlay held)
    {
        if (number == _number)
        {
            ReservedTokens -= held.Tokens;
            ReservedCost -= held.Cost;
        }
    }
}
