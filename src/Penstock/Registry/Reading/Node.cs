namespace Penstock.Registry.Reading;

/// <summary>A piece of a document, YAML or JSON, that knows where it stands. Lines and columns from 1; 0: unknown.</summary>
internal abstract record Node(int Line, int Column)
{
    /// <summary>What it is, for a message.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value, with its text as written.</summary>
internal sealed record ScalarNode(int Line, int Column, string Text, ScalarForm Form) : Node(Line, Column)
{
    public override string Kind =>
        Form switch
        {
            ScalarForm.Null => "null",
            ScalarForm.Boolean => $"the boolean {Text}",
            ScalarForm.Number => $"the number {Text}",
            _ => "a text",
        };
}

/// <summary>A list.</summary>
internal sealed record SequenceNode(int Line, int Column, IReadOnlyList<Node> Items) : Node(Line, Column)
{
    public override string Kind => "a list";
}

/// <summary>An object, in the order of the document; a key may come twice, which is the reader's to report.</summary>
internal sealed record MappingNode(int Line, int Column, IReadOnlyList<MappingEntry> Entries) : Node(Line, Column)
{
    public override string Kind => "an object";
}

/// <summary>One field of an object: where its name stands, and its value.</summary>
internal sealed record MappingEntry(ScalarNode Key, Node Value);
