using Penstock.Registry.Reading;

namespace Penstock.Management;

/// <summary>
/// The body an endpoint takes, for its description only: the framework's own metadata would take part in routing and
/// answer a wrong media type, or none, before our gate can say what is wrong.
/// </summary>
internal sealed record RequestFields(FieldTable Table, Audience Audience);
