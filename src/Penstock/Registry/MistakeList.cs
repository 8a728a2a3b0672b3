namespace Penstock.Registry;

/// <summary>Collects mistakes, so that all of them can be told at once. Bounded: a file of rubbish is not echoed whole.</summary>
internal sealed class MistakeList
{
    /// <summary>More than a person mends in one go, and a small answer all the same.</summary>
    public const int Most = 200;

    private readonly List<Mistake> _mistakes = [];
    private int _left;

    public bool Any => _mistakes.Count > 0;

    public void Add(Place place, string code, string message)
    {
        if (_mistakes.Count < Most)
        {
            _mistakes.Add(new Mistake(place, code, message));
        }
        else
        {
            _left++;
        }
    }

    /// <summary>In the order of the document.</summary>
    public IReadOnlyList<Mistake> InOrder()
    {
        var ordered = _mistakes.OrderBy(mistake => mistake.Place.Line).ThenBy(mistake => mistake.Place.Column);
        return _left == 0
            ? [.. ordered]
            : [.. ordered, new Mistake(Place.Nowhere, MistakeCodes.InvalidValue, $"and {_left} more mistakes")];
    }
}
