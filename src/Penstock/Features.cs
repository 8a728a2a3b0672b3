using Penstock.Forwarding;
using Penstock.Hosting;
using Penstock.Idempotency;
using Penstock.Inference;
using Penstock.Keys;
using Penstock.Limits;
using Penstock.Management;
using Penstock.Metering;
using Penstock.Observability;
using Penstock.Primitives;
using Penstock.Probing;
using Penstock.Registry;
using Penstock.Relaying;
using Penstock.Routing;
using Penstock.Storage;
using Penstock.Storage.Postgres;
using Penstock.Storage.Redis;
using Penstock.Storage.Sqlite;
using Penstock.Transport;

namespace Penstock;

/// <summary>The table of contents: one line a feature, added above, mapped below.</summary>
internal static class Features
{
    public static void AddFeatures(this WebApplicationBuilder builder, ServeSettings settings, DataFolder folder)
    {
        builder.Services.AddPrimitives();
        builder.Services.AddKeys();
        builder.Services.AddLimits();
        builder.Services.AddModelRouting(folder.File("cache-salt.key"));
        builder.Services.AddForwarding();
        builder.Services.AddRelaying();
        builder.Services.AddMetering(folder.File("ledger-spool"));
        builder.Services.AddIdempotency();
        builder.Services.AddInference();
        builder.Services.AddProbing();
        builder.Services.AddStorage(folder);
        if (string.IsNullOrEmpty(builder.Configuration[DatabaseOptions.ConnectionKey]))
        {
            builder.Services.AddSqliteStorage();
        }
        else
        {
            builder.Services.AddPostgresStorage();
        }

        builder.Services.AddRedisStorage(
            builder.Configuration[RedisOptions.ConnectionKey],
            leased: builder.Configuration[RedisOptions.LimitsKey] == RedisOptions.Leased
        );
        builder.Services.AddRegistry();
        builder.Services.AddManagement(folder.File("admin-token"));
        builder.AddObservability();
        builder.AddHosting();
        if (settings.Config is { } file)
        {
            builder.Services.AddConfigFile(file, prune: false);
        }

        // Last: what begins last ends first, and all else is still there for whom the last callers settle with.
        builder.Services.AddTransport();
    }

    public static void MapFeatures(this WebApplication app)
    {
        app.UseInference();
        app.UseUnexpectedErrors();
        // Here and not before the callers' API, where the framework would put it: that one has its own short table.
        app.UseRouting();
        app.MapCallerDocument();
        app.MapManagement();
        app.MapObservability();
        app.MapHealth();
        app.MapUnknown();
    }
}
