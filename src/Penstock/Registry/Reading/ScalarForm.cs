namespace Penstock.Registry.Reading;

/// <summary>What an unquoted scalar is in YAML's core schema, which is JSON's too.</summary>
internal enum ScalarForm
{
    Text,
    Null,
    Boolean,
    Number,
}
