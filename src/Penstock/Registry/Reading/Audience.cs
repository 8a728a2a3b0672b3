namespace Penstock.Registry.Reading;

/// <summary>Who writes a document, which decides the fields it may have and those it must have.</summary>
[Flags]
internal enum Audience
{
    None = 0,

    /// <summary>The declarative file.</summary>
    File = 1,

    /// <summary>The body that creates a resource.</summary>
    Create = 2,

    /// <summary>The body that changes a resource: what is absent stays.</summary>
    Change = 4,

    All = File | Create | Change,
}
