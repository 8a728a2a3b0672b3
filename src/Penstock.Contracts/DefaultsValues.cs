namespace Penstock.Contracts;

/// <summary>The object form of <see cref="DefaultsShape"/>.</summary>
internal sealed record DefaultsValues(long? MaxTokens, double? Temperature, double? TopP);
