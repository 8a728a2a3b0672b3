namespace Penstock.Simulator.Answers;

/// <summary>Whether the model may, must or must not call a tool.</summary>
internal enum ToolChoice
{
    None,
    Auto,
    Required,
    Named,
}
