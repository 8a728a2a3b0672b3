namespace Penstock.Transport.Plain;

/// <summary>A header of an answer; without any value it is not there.</summary>
internal struct AnswerHeader
{
    public string Name;

    /// <summary>Its only value.</summary>
    public string? Value;

    /// <summary>If it has more than one.</summary>
    public string?[]? Several;
}
