using System.Reflection;
using System.Runtime.CompilerServices;

namespace Penstock.Tests.Architecture;

/// <summary>The rules of the house that the compiled types can be asked about.</summary>
public sealed class TypeFormTests
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    /// <summary>Words that say "something to do with", not what a type is.</summary>
    private static readonly string[] EmptyWords =
    [
        "Manager",
        "Helper",
        "Helpers",
        "Util",
        "Utils",
        "Utility",
        "Service",
        "Processor",
        "Impl",
        "Base",
        "Common",
    ];

    /// <summary>Classes left open, each with its reason.</summary>
    private static readonly Dictionary<string, string> OpenOnPurpose = new(StringComparer.Ordinal);

    private static IEnumerable<Type> Types =>
        OurAssemblies.All.Append(typeof(TypeFormTests).Assembly).SelectMany(assembly => assembly.WrittenTypes());

    [Fact]
    public void A_class_is_sealed_static_or_abstract_unless_argued() =>
        Violations.AssertNone(
            Types
                .Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract)
                .Select(type => type.FullName!)
                .Where(name => !OpenOnPurpose.ContainsKey(name))
        );

    [Fact]
    public void Nothing_in_the_server_is_public() =>
        // Only what other projects compile against has a surface to keep.
        Violations.AssertNone(
            OurAssemblies.Server.WrittenTypes().Where(type => type.IsPublic).Select(type => type.FullName!)
        );

    [Fact]
    public void A_name_says_what_a_type_is() =>
        Violations.AssertNone(
            Types
                .Select(type => type.FullName!)
                .Where(name => EmptyWords.Any(word => name.Split('`')[0].EndsWith(word, StringComparison.Ordinal)))
        );

    [Fact]
    public void No_method_is_async_void()
    {
        // Lambdas too: the compiler's closures are asked like everybody else.
        var methods =
            from assembly in OurAssemblies.All
            from type in assembly.GetTypes()
            from method in type.GetMethods(Declared)
            where method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute))
            select $"{type.FullName}.{method.Name}";

        Violations.AssertNone(methods);
    }
}
