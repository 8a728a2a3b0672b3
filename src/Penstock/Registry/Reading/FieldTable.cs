using System.Collections.Frozen;

namespace Penstock.Registry.Reading;

/// <summary>The fields that one kind of object has.</summary>
internal sealed class FieldTable(string name, params Field[] fields)
{
    private readonly FrozenDictionary<string, Field> _byName = fields.ToFrozenDictionary(
        field => field.Name,
        StringComparer.Ordinal
    );

    /// <summary>What the object is, for a message.</summary>
    public string Name => name;

    public IReadOnlyList<Field> Fields => fields;

    public Field this[string field] => _byName[field];

    public Field? Find(string field) => _byName.GetValueOrDefault(field);
}
