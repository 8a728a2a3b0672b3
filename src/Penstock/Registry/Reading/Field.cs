namespace Penstock.Registry.Reading;

/// <summary>One field of a document: the reader obeys it and the published schema is made of it.</summary>
internal sealed record Field(string Name, FieldKind Kind, string Meaning)
{
    /// <summary>Those who must give it; nobody must when changing something.</summary>
    public Audience RequiredBy { get; init; }

    public Audience AllowedTo { get; init; } = Audience.All;
    public double Min { get; init; } = double.MinValue;
    public double Max { get; init; } = double.MaxValue;

    /// <summary>Least and most items of a list.</summary>
    public (int Least, int Most) Count { get; init; } = (0, 1_000);

    public TextForm? Form { get; init; }

    /// <summary>The only texts it takes.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The fields of its object or objects.</summary>
    public FieldTable? Fields { get; init; }

    /// <summary>The word that may stand in place of its object.</summary>
    public string? Word { get; init; }
}
