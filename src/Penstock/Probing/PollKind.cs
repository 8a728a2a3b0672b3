namespace Penstock.Probing;

/// <summary>What an engine is asked again and again.</summary>
internal enum PollKind
{
    Health,
    Load,
    Version,
}
