namespace Penstock.Primitives.Json;

/// <summary>Why bytes are not strict JSON (RFC 8259).</summary>
internal enum JsonFault
{
    None,
    EndsTooEarly,
    UnexpectedByte,
    ControlCharacterInString,
    BadEscape,
    BadNumber,
    NestedTooDeep,
    TrailingBytes,
}
