using Penstock.Contracts;

namespace Penstock.Management;

/// <summary>Answers for the methods that a path does not take, and for the paths there are none of.</summary>
internal static class OtherMethods
{
    private static readonly (string Path, string Allowed)[] Paths =
    [
        (Routes.Workspaces, "GET, POST"),
        (Routes.Workspace, "GET, PATCH, DELETE"),
        (Routes.Plans, "GET"),
        (Routes.Plan, "GET, PUT, DELETE"),
        (Routes.Keys, "GET, POST"),
        (Routes.Key, "GET, PATCH, DELETE"),
        (Routes.RotateKey, "POST"),
        (Routes.RevokeKey, "POST"),
        (Routes.Deployments, "GET, POST"),
        (Routes.Deployment, "GET, PATCH, DELETE"),
        (Routes.ProbeDeployment, "POST"),
        (Routes.Apply, "POST"),
        (Routes.Export, "GET"),
        (Routes.Audit, "GET"),
    ];

    public static void Map(IEndpointRouteBuilder admin)
    {
        foreach (var (path, allowed) in Paths)
        {
            admin.Map(path, (HttpContext http) => Refuse(http, allowed)).ExcludeFromDescription();
        }

        admin
            .Map(Routes.Prefix + "/{**rest}", () => (IResult)ManagementErrors.UnknownEndpoint)
            .ExcludeFromDescription();
    }

    private static IResult Refuse(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        return ManagementErrors.MethodNotAllowed;
    }
}
