using System.Text.Json;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>A field that is not of its type, in pydantic's terms; each engine words it in its own way.</summary>
/// <param name="Place">Dotted, below the body: <c>tools.0.function</c>.</param>
/// <param name="Code">Such as <c>int_type</c>, <c>missing</c> or <c>literal_error</c>.</param>
/// <param name="Words">Such as <c>Input should be a valid integer</c>.</param>
/// <param name="Input">What was there instead.</param>
internal sealed record TypeMistake(string Place, string Code, string Words, JsonElement Input)
{
    // A megabyte of wrong input is not sent back whole.
    private const int Shown = 200;

    public string ShownInput =>
        Input.ValueKind == JsonValueKind.Undefined ? "{}"
        : Input.GetRawText() is { Length: > Shown } raw ? string.Concat(raw.AsSpan(0, Shown), "...")
        : Input.GetRawText();

    /// <summary>As a Python tuple: <c>'body', 'tools', 0</c>.</summary>
    public string Location =>
        string.Join(", ", Place.Split('.').Prepend("body").Select(p => p.All(char.IsAsciiDigit) ? p : $"'{p}'"));

    /// <summary>What was expected, in a word.</summary>
    public string Expected => Words.Replace("Input should be ", "", StringComparison.Ordinal);
}
