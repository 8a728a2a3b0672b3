namespace Penstock.Engines;

/// <summary>The facts of one kind of engine, as far as the path needs them.</summary>
/// <param name="Name">The <c>backend</c> of a deployment and the value of <c>X-Backend</c>.</param>
/// <param name="ChatPath">Chat completions below a replica's base URL.</param>
/// <param name="HealthPath">Answers 2xx when the engine is well, and costs no token.</param>
internal sealed record Engine(string Name, string ChatPath, string HealthPath);
