using System.Runtime.InteropServices;

namespace Penstock.Storage.Sqlite;

/// <summary>What a parameter of a statement was last bound to. The default is nothing that could be bound.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BoundValue
{
    public static BoundValue Null { get; } = new() { Type = Form.Null };

    private enum Form : byte
    {
        Unbound,
        Null,
        Number,
        Id,
        Text,
    }

    private Form Type { get; init; }
    private long Number { get; init; }
    private Guid Id { get; init; }
    private string? Text { get; init; }

    public static BoundValue Of(long value) => new() { Type = Form.Number, Number = value };

    public static BoundValue Of(Guid value) => new() { Type = Form.Id, Id = value };

    public static BoundValue Of(string value) => new() { Type = Form.Text, Text = value };
}
