using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Penstock.Keys;
using Penstock.Metering;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Registry.Reading;
using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Tests.Registry;

/// <summary>Export, apply to an empty registry, export: the same text, whatever the registry holds.</summary>
public sealed class ExportProperties
{
    [Property(MaxTest = 60)]
    public async Task An_export_applied_to_an_empty_registry_exports_the_same(int seed)
    {
        using var full = await TestRegistry.OpenAsync();
        await full.MakeAsync(draft => Fill(draft, new Gen(seed)));
        var export = RegistryFileWriter.Write(full.State);

        using var empty = await TestRegistry.OpenAsync();
        var outcome = await empty.ApplyAsync(export);

        Assert.True(!outcome.Refused, string.Join('\n', outcome.Mistakes) + "\n" + export);
        Assert.Equal(export, RegistryFileWriter.Write(empty.State));
        Assert.False((await full.ApplyAsync(export, prune: true)).Refused);
        Assert.Equal(export, RegistryFileWriter.Write(full.State));
    }

    [Property(MaxTest = 300)]
    public void A_model_name_is_read_as_it_was_written(NonNull<string> name)
    {
        var text = name.Get;
        if (!TextForm.Model.Holds(text))
        {
            return;
        }

        var state = RegistryState.Empty.With(Deployment(Guid.CreateVersion7(), null, text));
        var mistakes = new MistakeList();

        var root = YamlTree.Read(System.Text.Encoding.UTF8.GetBytes(RegistryFileWriter.Write(state)), mistakes);

        Assert.Empty(mistakes.InOrder());
        var deployments = (SequenceNode)
            ((MappingNode)root!).Entries.Single(entry => entry.Key.Text == "deployments").Value;
        var model = ((MappingNode)deployments.Items[0]).Entries.Single(entry => entry.Key.Text == "model").Value;
        Assert.Equal((text, ScalarForm.Text), (((ScalarNode)model).Text, ((ScalarNode)model).Form));
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("No")]
    [InlineData("on")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("1e5")]
    [InlineData("0x1f")]
    [InlineData("0o17")]
    [InlineData("1_000")]
    [InlineData("12:30:45")]
    [InlineData("2030-01-02")]
    [InlineData(".5")]
    [InlineData("-x")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("*a")]
    [InlineData("&a")]
    [InlineData("!a")]
    [InlineData("\"a\"")]
    [InlineData("it's")]
    [InlineData("模型")]
    [InlineData("🦙")]
    [InlineData("a\\b")]
    [InlineData("{a}")]
    [InlineData("a,b")]
    public void A_name_that_looks_like_something_else_is_quoted(string name)
    {
        var state = RegistryState.Empty.With(Deployment(Guid.CreateVersion7(), null, name));

        Assert.Contains("    model: \"", RegistryFileWriter.Write(state), StringComparison.Ordinal);
        A_model_name_is_read_as_it_was_written(NonNull<string>.NewNonNull(name));
    }

    private static bool Fill(RegistryDraft draft, Gen gen)
    {
        draft.Put(new Plan { Name = "free", Keys = false });
        draft.Put(
            new Plan
            {
                Name = "pro",
                RequestsPerMinute = gen.Number(1, 50),
                MaxRequestsPerMinute = gen.Number(50, 100),
                Burst = gen.Number(0, 1) == 0 ? null : gen.Number(1, 50),
                Limits = Limits(gen),
            }
        );
        for (var w = 0; w < 3; w++)
        {
            var workspace = new Workspace
            {
                Id = gen.Id(),
                Name = $"w{w}",
                Plan = w == 2 ? "free" : "pro",
                Limits = Limits(gen),
                CreatedAt = draft.At,
            };
            draft.Put(workspace);
            for (var k = 0; w != 2 && k < gen.Number(0, 4); k++)
            {
                draft.Put(Key(gen, workspace.Id, $"{gen.Name()}{k}", draft.At));
            }
        }

        for (var d = 0; d < gen.Number(0, 5); d++)
        {
            var owner = gen.Number(0, 1) == 0 ? (Guid?)null : draft.After.FindWorkspace("w0")!.Id;
            draft.Put(Deployment(gen, owner, $"{gen.Name()}{d % 2}"));
        }

        return true;
    }

    private static KeyRecord Key(Gen gen, Guid workspace, string name, DateTimeOffset at) =>
        new()
        {
            Id = gen.Id(),
            WorkspaceId = workspace,
            Name = name,
            Hash = ApiKeyHash.Of(gen.Id().ToByteArray()),
            Hint = "hint",
            // Above the ceiling too: the plan may have shrunk since.
            RequestsPerMinute = gen.Number(0, 1) == 0 ? null : gen.Number(1, 200),
            Burst = gen.Number(0, 1) == 0 ? null : gen.Number(1, 200),
            Models = gen.Number(0, 1) == 0 ? null : [$"{gen.Name()}x", "m"],
            Permissions = gen.Number(0, 1) == 0 ? [] : ["engine-controls"],
            Limits = Limits(gen),
            ExpiresAt = gen.Number(0, 1) == 0 ? null : at.AddMilliseconds(gen.Number(-5000, 5000)),
            RevokedAt = gen.Number(0, 3) == 0 ? at : null,
            CreatedAt = at,
        };

    private static Allowance Limits(Gen gen)
    {
        return new Allowance
        {
            TokensPerMinute = (int?)Maybe(1),
            ConcurrentRequests = (int?)Maybe(1) % 1_000 + 1,
            TokensPerDay = Maybe(1_000_000),
            TokensPerMonth = Maybe(4_000_000),
            SpendPerDay = Maybe(1_000),
            SpendPerMonth = Maybe(1_000_000),
        };

        long? Maybe(long scale) => gen.Number(0, 1) == 0 ? null : gen.Number(1, 2_000_000_000) * scale;
    }

    private static DeploymentRecord Deployment(Gen gen, Guid? workspace, string model) =>
        Deployment(gen.Id(), workspace, model) with
        {
            Limits = new DeploymentLimits
            {
                Queue = gen.Number(0, 9),
                MaxConcurrency = gen.Number(1, 9),
                QueueWait = TimeSpan.FromSeconds(gen.Number(1, 90)),
                StartWait = TimeSpan.FromSeconds(gen.Number(1, 900)),
                OutageWait = TimeSpan.FromSeconds(gen.Number(1, 90)),
            },
            Defaults = gen.Number(0, 2) switch
            {
                0 => SamplingDefaults.OfTheEngine,
                1 => new SamplingDefaults(null, gen.Number(0, 200) / 100.0, null),
                _ => new SamplingDefaults(gen.Number(1, 9000), null, gen.Number(0, 1000) / 1000.0),
            },
            Timeouts = new DeploymentTimeouts { Idle = TimeSpan.FromMilliseconds(gen.Number(1, 90_000)) },
            Attempts = gen.Number(1, 10),
            Routing = new DeploymentRouting
            {
                Policy = (RoutingPolicy)gen.Number(0, 4),
                ShareCache = gen.Number(0, 1) == 0,
                EnginePriority = gen.Number(0, 1) == 0,
                Hedge = (Hedge)gen.Number(0, 1),
            },
            Price =
                gen.Number(0, 1) == 0
                    ? null
                    : new TokenPrice(
                        gen.Number(0, 9_999_999),
                        gen.Number(0, 1) == 0 ? null : gen.Number(0, 99),
                        gen.Number(0, 2_000_000_000)
                    ),
            Usage = (UsageReporting)gen.Number(0, 2),
        };

    private static DeploymentRecord Deployment(Guid id, Guid? workspace, string model) =>
        new()
        {
            Id = id,
            WorkspaceId = workspace,
            Model = model,
            UpstreamModel = model,
            Backend = "vllm",
            Replicas =
            [
                new ReplicaRecord { Url = "http://a:1", Weight = 2 },
                new ReplicaRecord { Url = "http://b", Drained = true },
            ],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

    /// <summary>Numbers and names from a seed: the same for the same seed.</summary>
    private sealed class Gen(int seed)
    {
        private static readonly string[] Names = ["m", "org/model-7B", "yes", "1e5", "x: y", "模型🦙", "a\"b", "#c"];
        private ulong _state = unchecked((ulong)seed * 0x9E3779B97F4A7C15) + 1;

        public int Number(int least, int most) => least + (int)(Next() % (ulong)(most - least + 1));

        public string Name() => Names[Number(0, Names.Length - 1)];

        public Guid Id() =>
            Guid.ParseExact(string.Create(CultureInfo.InvariantCulture, $"{Next():x16}{Next():x16}"), "N");

        private ulong Next()
        {
            _state = unchecked(_state * 6364136223846793005 + 1442695040888963407);
            return _state >> 11;
        }
    }
}
