using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Penstock.Contracts;
using Penstock.Primitives;
using Penstock.Registry;

namespace Penstock.Management;

/// <summary>Registers and maps the management API.</summary>
internal static class ManagementFeature
{
    /// <param name="tokenFile">Where the admin token is kept, if the environment does not give one.</param>
    public static IServiceCollection AddManagement(this IServiceCollection services, string tokenFile)
    {
        services.AddOptions<ManagementOptions>().BindConfiguration(ManagementOptions.Section).ValidateOnStart();
        services.ConfigureHttpJsonOptions(options => Describe(options.SerializerOptions));
        services.AddSingleton(new SettingsSection(ManagementOptions.Section, typeof(ManagementOptions)));
        services.AddOpenApi(AdminDocument.Name, AdminDocument.Configure);
        return services
            .AddSingleton<IValidateOptions<ManagementOptions>, ManagementOptionsValidator>()
            .AddSingleton(provider => AdminToken.Open(tokenFile, provider.GetRequiredService<EnvironmentVariables>()))
            .AddSingleton<ManagementListener>()
            .AddSingleton<ManagementGate>()
            .AddSingleton<AdminDocument>();
    }

    /// <summary>What the OpenAPI document takes names and types from. Answers are written by the contract itself.</summary>
    private static void Describe(JsonSerializerOptions json)
    {
        json.TypeInfoResolverChain.Insert(0, ContractsJson.Default);
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.NumberHandling = JsonNumberHandling.Strict;
    }

    /// <summary>Maps everything below <c>/admin/v1</c>, and the OpenAPI document of it.</summary>
    public static void MapManagement(this IEndpointRouteBuilder endpoints)
    {
        // Made now, so that a token that cannot be used stops the start and not the first request.
        var gate = endpoints.ServiceProvider.GetRequiredService<ManagementGate>();
        var admin = endpoints.MapGroup("").AddEndpointFilter(gate);

        var described = admin.MapGroup("").WithGroupName(AdminDocument.Name);
        WorkspaceEndpoints.Map(described);
        CreditEndpoints.Map(described);
        PlanEndpoints.Map(described);
        KeyEndpoints.Map(described);
        DeploymentEndpoints.Map(described);
        RequestEndpoints.Map(described);
        DocumentEndpoints.Map(described);
        AuditEndpoints.Map(described);
        UsageEndpoints.Map(described);

        OtherMethods.Map(admin);
        AdminDocument.Map(endpoints);
    }
}
