namespace Penstock.Engines;

/// <summary>The facts of one kind of engine, as far as the path needs them.</summary>
/// <param name="Name">How it is called in a deployment's <c>backend</c>, behind the place it runs at if one is named.</param>
/// <param name="ChatPath">Chat completions below a replica's base URL.</param>
/// <param name="HealthPath">Answers 2xx when the engine is well, and costs no token.</param>
internal sealed record Engine(string Name, string ChatPath, string HealthPath);
