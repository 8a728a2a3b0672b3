namespace Penstock.Contracts;

/// <summary>The paths of the management API: templates for the server, the same paths filled in for a client.</summary>
public static class Routes
{
    public const string Prefix = "/admin/v1";

    public const string Workspaces = Prefix + "/workspaces";
    public const string Workspace = Workspaces + "/{workspace}";

    public const string Plans = Prefix + "/plans";
    public const string Plan = Plans + "/{plan}";

    public const string Keys = Prefix + "/keys";
    public const string Key = Keys + "/{id}";
    public const string RotateKey = Key + "/rotate";
    public const string RevokeKey = Key + "/revoke";

    public const string Deployments = Prefix + "/deployments";
    public const string Deployment = Deployments + "/{id}";

    public const string ProbeDeployment = Deployment + "/probe";

    public const string Apply = Prefix + "/apply";
    public const string Export = Prefix + "/export";
    public const string Audit = Prefix + "/audit";

    public static string OfWorkspace(string idOrName) => Of(Workspaces, idOrName);

    public static string OfPlan(string name) => Of(Plans, name);

    public static string OfKey(string id) => Of(Keys, id);

    public static string OfKeyRotation(string id) => Of(Keys, id) + "/rotate";

    public static string OfKeyRevocation(string id) => Of(Keys, id) + "/revoke";

    public static string OfDeployment(string id) => Of(Deployments, id);

    public static string OfDeploymentProbe(string id) => Of(Deployments, id) + "/probe";

    private static string Of(string collection, string id) => $"{collection}/{Uri.EscapeDataString(id)}";
}
