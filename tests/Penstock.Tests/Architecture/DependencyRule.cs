namespace Penstock.Tests.Architecture;

/// <summary>What one folder of the server may use. What is not allowed is forbidden.</summary>
/// <param name="Folder">Below <c>src/Penstock</c>; a folder of its own for each technology of <c>Storage</c>.</param>
/// <param name="MayUse">Folders of the server, and projects of ours by the last part of their name.</param>
/// <param name="Never">What a newcomer might reach for, named so that the table can be read without its complement.</param>
internal sealed record DependencyRule(string Folder, string[] MayUse, string[] Never)
{
    public const string Everything = "everything";

    public bool Allows(string other) => other == Folder || MayUse.Contains(Everything) || MayUse.Contains(other);
}
