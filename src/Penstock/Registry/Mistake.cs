namespace Penstock.Registry;

/// <summary>One thing that is wrong with what was asked for: where, which code of the contract, and what to do.</summary>
internal sealed record Mistake(Place Place, string Code, string Message)
{
    /// <summary>As a line for a person: <c>12:5 keys[0].workspace: there is no workspace "acme"</c>.</summary>
    public override string ToString()
    {
        var where = Place.Line > 0 ? $"{Place.Line}:{Place.Column} " : "";
        return Place.Path.Length > 0 ? $"{where}{Place.Path}: {Message}" : $"{where}{Message}";
    }
}
