using System.Reflection;
using Xunit.v3;

[assembly: Penstock.EndToEndTests.Harness.ShowProcessOutput]

namespace Penstock.EndToEndTests.Harness;

/// <summary>A failed test shows the end of what every running process has written.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ShowProcessOutputAttribute : BeforeAfterTestAttribute
{
    private const int LinesShown = 40;

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (TestContext.Current.TestState?.Result != TestResult.Failed)
        {
            return;
        }

        foreach (var child in RunningProcesses.All)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"--- process {child.Id}\n{child.Output.Tail(LinesShown)}");
        }
    }
}
