namespace Penstock.Engines;

/// <summary>The form in which an engine refuses a request.</summary>
internal enum ErrorDialect : byte
{
    Unknown,

    /// <summary><c>{"error":{"message":…}}</c>, as OpenAI writes it.</summary>
    Wrapped,

    /// <summary><c>{"object":"error","message":…}</c>, which clients of OpenAI do not read.</summary>
    Flat,

    /// <summary><c>{"error":"…"}</c>.</summary>
    Text,

    /// <summary>Something that is no JSON object.</summary>
    Plain,
}
