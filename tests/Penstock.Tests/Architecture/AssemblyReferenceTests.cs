using System.Reflection;

namespace Penstock.Tests.Architecture;

/// <summary>What ships or runs alone must not see what it could not ship or run with.</summary>
public sealed class AssemblyReferenceTests
{
    [Fact]
    public void The_contracts_refer_to_nothing_but_the_framework() =>
        Assert.All(
            OurAssemblies.Contracts.GetReferencedAssemblies(),
            reference => Assert.StartsWith("System.", reference.Name!, StringComparison.Ordinal)
        );

    [Fact]
    public void The_command_line_sees_the_contracts_only() =>
        Assert.Empty(OursReferredToBy(OurAssemblies.Cli).Except(["Penstock.Contracts"]));

    [Fact]
    public void The_simulator_shares_no_code_with_what_it_tests() =>
        Assert.Empty(OursReferredToBy(OurAssemblies.Simulator));

    private static IEnumerable<string> OursReferredToBy(Assembly assembly) =>
        assembly
            .GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith("penstock", StringComparison.OrdinalIgnoreCase));
}
