using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Storage;

namespace Penstock.Tests.Storage;

/// <summary>What it means on every store to seal it with another key. A store's own test class says how.</summary>
public abstract class ResealingContract
{
    private readonly SecretBox _old = BoxOf(1);
    private readonly SecretBox _fresh = BoxOf(2);

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract IRegistryStore Open(SecretBox secrets);

    private protected abstract Task ResealAsync(Resealing resealing);

    [Fact]
    public async Task Every_credential_opens_with_the_new_key_and_none_with_the_old()
    {
        await KeepAsync(_old, "one", "two", "three");

        var resealing = await ResealAsync(_old, _fresh);

        Assert.Equal((3, 0), (resealing.Resealed, resealing.Already));
        Assert.Equal(["one", "three", "two"], await CredentialsAsync(_fresh));
        await Assert.ThrowsAsync<StoreException>(() => CredentialsAsync(_old));
        Assert.Equal("reseal", (await Open(_fresh).ReadAuditAsync(null, 1, Stop))[0].Action);
    }

    [Fact]
    public async Task A_second_time_there_is_nothing_left_to_do()
    {
        await KeepAsync(_old, "one", "two");
        await ResealAsync(_old, _fresh);

        var again = await ResealAsync(_old, _fresh);

        Assert.Equal((0, 2), (again.Resealed, again.Already));
        Assert.Equal(["one", "two"], await CredentialsAsync(_fresh));
    }

    [Fact]
    public async Task A_database_without_credentials_takes_the_new_key()
    {
        await KeepAsync(_old);

        var resealing = await ResealAsync(_old, _fresh);

        Assert.Equal((0, 0), (resealing.Resealed, resealing.Already));
        Assert.Empty(await CredentialsAsync(_fresh));
    }

    [Fact]
    public async Task With_a_wrong_old_key_nothing_is_changed()
    {
        await KeepAsync(_old, "one", "two");
        using var wrong = BoxOf(3);

        var error = await Assert.ThrowsAsync<StoreException>(() => ResealAsync(wrong, _fresh));

        Assert.Contains("neither with the old key nor with the new", error.Message, StringComparison.Ordinal);
        Assert.Equal(["one", "two"], await CredentialsAsync(_old));
    }

    [Fact]
    public async Task What_is_partly_sealed_with_the_new_key_is_sealed_with_it_whole()
    {
        await KeepAsync(_old, "one");
        await ResealAsync(_old, _fresh);
        await KeepAsync(_fresh, "two");
        await SealByHandAsync("two", with: _old);

        var resealing = await ResealAsync(_old, _fresh);

        Assert.Equal((1, 1), (resealing.Resealed, resealing.Already));
        Assert.Equal(["one", "two"], await CredentialsAsync(_fresh));
    }

    [Fact]
    public async Task One_that_opens_with_neither_key_keeps_all_others_as_they_were()
    {
        using var lost = BoxOf(4);
        await KeepAsync(_old, "one", "two", "three");
        await SealByHandAsync("two", with: lost);

        await Assert.ThrowsAsync<StoreException>(() => ResealAsync(_old, _fresh));

        await SealByHandAsync("two", with: _old);
        Assert.Equal(["one", "three", "two"], await CredentialsAsync(_old));
    }

    /// <summary>Writes the seal of one deployment's only replica by hand.</summary>
    private protected abstract Task WriteSealAsync(Guid deployment, byte[] box);

    private protected void CloseBoxes()
    {
        _old.Dispose();
        _fresh.Dispose();
    }

    private static SecretBox BoxOf(byte key) => new([.. Enumerable.Repeat(key, SealingKey.Length)]);

    private static Guid IdOf(string credential) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(credential)).AsSpan(0, 16));

    private Task SealByHandAsync(string credential, SecretBox with) =>
        WriteSealAsync(IdOf(credential), with.Seal(new Secret(credential), RegistryWriter.OwnerOf(IdOf(credential))));

    private async Task KeepAsync(SecretBox box, params string[] credentials)
    {
        var store = Open(box);
        var stored = await store.LoadAsync(Stop);
        var changes = credentials.Select(credential => new RecordChange(
            ResourceKind.Deployment,
            RegistryDraft.IdOf(IdOf(credential)),
            null,
            new DeploymentRecord
            {
                Id = IdOf(credential),
                WorkspaceId = null,
                Model = credential,
                UpstreamModel = credential,
                Backend = "vllm",
                Replicas = [new ReplicaRecord { Url = "http://a:1", ApiKey = new Secret(credential) }],
                CreatedAt = DateTimeOffset.UnixEpoch,
            }
        ));
        Assert.True(await store.CommitAsync(new ChangeSet([.. changes], []), stored.Revision, Stop));
    }

    private async Task<IEnumerable<string>> CredentialsAsync(SecretBox box)
    {
        var stored = await Open(box).LoadAsync(Stop);
        return stored
            .State.Deployments.Values.Select(deployment => deployment.Replicas[0].ApiKey!.Value.Value)
            .Order(StringComparer.Ordinal);
    }

    private async Task<Resealing> ResealAsync(SecretBox old, SecretBox fresh)
    {
        var resealing = new Resealing(old, fresh, new FakeTimeProvider());
        await ResealAsync(resealing);
        return resealing;
    }
}
