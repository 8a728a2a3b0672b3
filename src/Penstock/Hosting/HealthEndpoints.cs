namespace Penstock.Hosting;

/// <summary>Is the process alive, and may it be sent requests?</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        app.MapGet("/health/live", () => Results.Text("""{"status":"ok"}""", "application/json"))
            .ExcludeFromDescription();
        app.MapGet(
                "/health/ready",
                () =>
                    readiness.IsReady
                        ? Results.Text("""{"status":"ready"}""", "application/json")
                        : Results.Text(
                            """{"status":"not ready"}""",
                            "application/json",
                            statusCode: StatusCodes.Status503ServiceUnavailable
                        )
            )
            .ExcludeFromDescription();
    }
}
