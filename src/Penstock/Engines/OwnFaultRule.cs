namespace Penstock.Engines;

/// <summary>Is this the engine's own failure, though its status blames the caller?</summary>
internal delegate bool OwnFaultRule(int status, EngineError error);
