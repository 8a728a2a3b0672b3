using Penstock.Storage;

namespace Penstock.Hosting.Doctor;

/// <summary>
/// All checks, in the order in which they are told. Nothing on this machine or on an engine is changed, and no lock is
/// taken: a server may be at work meanwhile.
/// </summary>
internal sealed class Examination(DoctorSettings settings, TimeProvider time)
{
    /// <summary>
    /// For all that answers over a network, together: a healthy engine tells its health in milliseconds, and a person
    /// waits for this.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        var clock = new ClockCheck(time);
        var folder = DataFolder.At(settings.Data);
        var holder = FolderHolder.Find(folder.Path);
        var serve = new ServeSettings(
            string.Join(';', settings.Addresses),
            null,
            settings.Data,
            settings.Config,
            [],
            false
        )
        {
            Database = settings.Database,
            Redis = settings.Redis,
        };
        await using var configured = ConfiguredServer.Create(serve, folder);
        var options = configured.Database ?? new DatabaseOptions { Connection = settings.Database };
        var database = new DatabaseCheck(folder, options, configured.Secrets ?? new SecretOptions(), time);
        var store = await database.LookAsync(cancellation);
        var file = await configured.CheckFileAsync(store.State, cancellation);

        using var client = new BoundedClient(Patience, time, cancellation);
        var addresses = Task.WhenAll(settings.Addresses.Select(url => new AddressCheck(client).RunAsync(url)));
        var deployments = configured.State ?? store.State;
        var engines = new EnginesCheck(client, store.Cards, holder is not null).RunAsync(deployments);
        var redis = RedisCheck.RunAsync(configured.Redis, Patience, time, cancellation);
        await Task.WhenAll(addresses, engines, redis);
        return
        [
            .. configured.Findings,
            .. file,
            .. DataFolderCheck.Run(folder.Path, holder),
            .. database.Judge(store),
            .. clock.Run(store.LastChange),
            OpenFilesCheck.Run(holder),
            .. await addresses,
            .. await engines,
            .. await redis,
        ];
    }
}
