using System.Reflection;

namespace Penstock.Tests.Architecture;

/// <summary>The product as it was built beside these tests.</summary>
internal static class OurAssemblies
{
    public static Assembly Server { get; } = Assembly.Load("penstock");
    public static Assembly Contracts { get; } = Assembly.Load("Penstock.Contracts");
    public static Assembly Cli { get; } = Assembly.Load("Penstock.Cli");
    public static Assembly Simulator { get; } = Assembly.Load("Penstock.Simulator");

    public static IEnumerable<Assembly> All => [Server, Contracts, Cli, Simulator];

    /// <summary>Types that a person wrote: neither the compiler's nor a source generator's.</summary>
    public static IEnumerable<Type> WrittenTypes(this Assembly assembly) =>
        assembly
            .GetTypes()
            .Where(type => type.Namespace?.StartsWith("Penstock", StringComparison.Ordinal) == true)
            .Where(type => !type.IsGenerated());

    private static bool IsGenerated(this Type type) =>
        type.Name.Contains('<')
        || type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), inherit: false)
        || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false)
        || type.DeclaringType?.IsGenerated() == true;
}
