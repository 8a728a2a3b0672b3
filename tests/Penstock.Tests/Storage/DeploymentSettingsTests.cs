using System.Text.Json;
using Penstock.Routing;
using Penstock.Storage;

namespace Penstock.Tests.Storage;

public sealed class DeploymentSettingsTests
{
    [Fact]
    public void What_an_older_release_did_not_know_has_its_default()
    {
        var settings = JsonSerializer.Deserialize(
            """{"limits":{"queue":5},"defaults":{"max_tokens":512,"temperature":1,"top_p":1},"timeouts":{},"attempts":2,"routing":{"share_cache":true},"fallbacks":[]}""",
            StorageJson.Default.DeploymentSettings
        )!;

        Assert.Equal(5, settings.Limits.Queue);
        Assert.Equal(new DeploymentLimits().OutageWait, settings.Limits.OutageWait);
        Assert.Equal(Hedge.Off, settings.Routing.Hedge);
        Assert.True(settings.Routing.ShareCache);
    }
}
