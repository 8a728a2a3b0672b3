using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Runpod;

/// <summary>The worker's call of its own vLLM; null for a chat completion.</summary>
internal delegate HttpReply? VllmRoute(HttpRequest request, EngineState engine);
