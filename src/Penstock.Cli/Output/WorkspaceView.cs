using System.Globalization;
using Penstock.Contracts;

namespace Penstock.Cli.Output;

/// <summary>Workspaces on stdout.</summary>
internal static class WorkspaceView
{
    public static void Show(Report report, WorkspaceResource workspace)
    {
        if (report.IsJson)
        {
            report.Json(workspace, ContractsJson.Default.WorkspaceResource);
            return;
        }

        report.Card([
            ("name", workspace.Name),
            ("plan", workspace.Plan),
            ("limits", AllowanceText.Of(workspace.Limits)),
            ("credited", workspace.Credited is { } credited ? Amount(credited) : "none"),
            ("balance", workspace.Balance is { } balance ? Amount(balance) : "none"),
            ("id", workspace.Id.ToString()),
            ("created", Moment.Of(workspace.CreatedAt)),
        ]);
    }

    private static string Amount(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    public static void Show(Report report, IReadOnlyList<WorkspaceResource> workspaces)
    {
        if (report.IsJson)
        {
            report.Json(workspaces, ContractsJson.Default.IReadOnlyListWorkspaceResource);
            return;
        }

        report.Table(
            ["name", "plan", "id", "created"],
            workspaces.Select(w => (IReadOnlyList<string>)[w.Name, w.Plan, w.Id.ToString(), Moment.Of(w.CreatedAt)])
        );
    }
}
