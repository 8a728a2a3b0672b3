using Penstock.Engines;
using Penstock.Registry;

namespace Penstock.Tests.Registry.Reading;

/// <summary>Each mistake a person can make in the file, with the line and column they are shown and what they are told.</summary>
public sealed class RegistryFileMistakesTests
{
    public static TheoryData<string, string> Mistakes =>
        new()
        {
            {
                "plans:\n  - nam: x",
                "2:5 plans[0].nam: unknown field \"nam\", did you mean \"name\"?|2:5 plans[0]: plan needs \"name\": Its name, as in X-RateLimit-Tier."
            },
            { "plnas: []", "1:1 plnas: unknown field \"plnas\", did you mean \"plans\"?" },
            { "colours: []", "1:1 colours: unknown field \"colours\"" },
            { "plans: 7", "1:8 plans: must be a list, not the number 7" },
            { "plans: [7]", "1:9 plans[0]: must be an object, not the number 7" },
            { "- a", "1:1 the file must be an object with plans, workspaces, keys and deployments, not a list" },
            { "just text", "1:1 the file must be an object with plans, workspaces, keys and deployments, not a text" },
            { "plans: []\nplans: []", "2:1 plans: \"plans\" is there twice" },
            {
                "plans: [{ name: a, keys: false }, { name: a, keys: false }]",
                "1:43 plans[1].name: the same plan is in line 1 already"
            },
            {
                "plans: [{ name: 7, keys: false }]",
                "1:17 plans[0].name: must be a text, not the number 7: put it in quotes"
            },
            {
                "plans: [{ name: true, keys: false }]",
                "1:17 plans[0].name: must be a text, not the boolean true: put it in quotes"
            },
            {
                "plans: [{ name: a b, keys: false }]",
                "1:17 plans[0].name: must be 1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit"
            },
            {
                "plans: [{ name: pro, requests_per_minute: 1, max_requests_per_minute: 1, keys: maybe }]",
                "1:80 plans[0].keys: must be true or false, not a text"
            },
            {
                "plans: [{ name: a }]",
                "1:9 plans[0].max_requests_per_minute: a plan with keys needs \"max_requests_per_minute\"|1:9 plans[0].requests_per_minute: a plan with keys needs \"requests_per_minute\""
            },
            {
                "plans: [{ name: a, keys: false, burst: 0 }]",
                "1:40 plans[0].burst: must be a whole number from 1 to 100000000, not 0"
            },
            {
                "plans: [{ name: a, keys: false, burst: 1.5 }]",
                "1:40 plans[0].burst: must be a whole number from 1 to 100000000, not 1.5"
            },
            {
                "plans: [{ name: a, keys: false, burst: \"5\" }]",
                "1:40 plans[0].burst: must be a whole number, not a text"
            },
            {
                "plans: [{ name: a, keys: false, burst: 99999999999999999999 }]",
                "1:40 plans[0].burst: must be a whole number from 1 to 100000000, not 99999999999999999999"
            },
            {
                "workspaces:\n  - name: b\n    plan: prp",
                "3:11 workspaces[0].plan: there is no plan \"prp\", did you mean \"pro\"?"
            },
            { "workspaces:\n  - plan: pro", "2:5 workspaces[0]: workspace needs \"name\": Its name." },
            { "workspaces:\n  - name: ~", "2:5 workspaces[0]: workspace needs \"name\": Its name." },
            {
                "keys:\n  - name: k\n    workspace: acmee\n    sha256: KEY",
                "3:16 keys[0].workspace: there is no workspace \"acmee\", did you mean \"acme\"?"
            },
            { "keys:\n  - name: k\n    workspace: acme", "2:5 keys[0]: key needs \"sha256\" or \"secret_env\"" },
            {
                "keys:\n  - name: k\n    workspace: acme\n    sha256: KEY\n    secret_env: SET",
                "5:17 keys[0].secret_env: give one of sha256 and secret_env, not both"
            },
            {
                "keys:\n  - name: k\n    workspace: acme\n    secret_env: UNSET",
                "4:17 keys[0].secret_env: environment variable UNSET is not set"
            },
            {
                "keys:\n  - name: k\n    workspace: acme\n    secret_env: SHORT",
                "4:17 keys[0].secret_env: environment variable SHORT must hold 16 to 256 printable ASCII characters without spaces"
            },
            {
                "keys:\n  - name: k\n    workspace: acme\n    secret_env: MISTYPED",
                "4:17 keys[0].secret_env: environment variable MISTYPED begins with psk_live_ but is not one of our keys: it is mistyped or cut"
            },
            {
                "keys:\n  - name: k\n    workspace: acme\n    secret: abcdefghijklmnop",
                "2:5 keys[0]: key needs \"sha256\" or \"secret_env\"|4:5 keys[0].secret: \"secret\" cannot be given here: a key does not belong in a file, give its sha256 or name secret_env"
            },
            {
                "keys:\n  - name: k\n    workspace: acme\n    sha256: abc",
                "4:13 keys[0].sha256: must be the SHA-256 of the key, 64 hexadecimal digits"
            },
            {
                "keys:\n  - name: k\n    workspace: acme\n    sha256: KEY\n    requests_per_minute: 1001",
                "5:26 keys[0].requests_per_minute: 1001 is above the ceiling of plan \"pro\", 1000"
            },
            {
                "keys:\n  - name: k\n    workspace: free\n    sha256: KEY",
                "3:16 keys[0].workspace: plan \"starter\" of workspace \"free\" has no keys"
            },
            {
                "keys:\n  - name: k\n    workspace: acme\n    sha256: KEY\n    permissions: [engine-control]",
                "5:19 keys[0].permissions[0]: must be one of: engine-controls, did you mean \"engine-controls\"?"
            },
            {
                "keys:\n  - name: k\n    workspace: acme\n    sha256: KEY\n    models: [a, 7, a]",
                "5:17 keys[0].models[1]: must be a text, not the number 7: put it in quotes|5:20 keys[0].models[2]: \"a\" is there twice"
            },
            {
                "keys:\n  - name: k\n    workspace: acme\n    sha256: KEY\n    expires_at: 30d",
                "5:17 keys[0].expires_at: must be a date in the file: a length of time would begin again with every apply"
            },
            {
                "keys:\n  - name: k\n    workspace: acme\n    sha256: KEY\n    expires_at: 2030-02-30",
                "5:17 keys[0].expires_at: must be a date such as 2030-12-31 or 2030-12-31T18:00:00Z, not \"2030-02-30\""
            },
            {
                "keys:\n  - { name: k, workspace: acme, sha256: KEY }\n  - { name: l, workspace: acme, sha256: KEY }",
                "3:41 keys[1].sha256: another key has this secret already"
            },
            {
                "keys:\n  - { name: k, workspace: acme, sha256: KEY }\n  - { name: k, workspace: acme, sha256: KEY2 }",
                "3:13 keys[1].name: the same key of this workspace is in line 2 already"
            },
            {
                "deployments:\n  - model: m",
                "2:5 deployments[0]: deployment needs \"backend\": The engine's dialect, and the value of X-Backend.|2:5 deployments[0]: deployment needs \"replicas\": Where it is served.|2:5 deployments[0]: deployment needs \"workspace\": The workspace that sees it, or \"*\": shared by all."
            },
            {
                "deployments:\n  - { workspace: '*', model: m, backend: vllm, replicas: [{ url: 'http://a' }], id: 7 }",
                "2:85 deployments[0].id: must be a UUID such as 0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10"
            },
            {
                "deployments:\n  - { workspace: '*', model: m, backend: sgalng, replicas: [{ url: 'http://a' }] }",
                "2:42 deployments[0].backend: must be an engine (ENGINES), or a place and an engine, such as runpod-vllm"
            },
            {
                "deployments:\n  - { workspace: '*', model: m, backend: vllm, replicas: [{ url: a }] }",
                "2:66 deployments[0].replicas[0].url: must be a URL such as http://10.0.0.5:8000"
            },
            {
                "deployments:\n  - { workspace: '*', model: m, backend: vllm, replicas: [{ url: 'http://a', api_key: x }] }",
                "2:78 deployments[0].replicas[0].api_key: \"api_key\" cannot be given here: a credential does not belong in a file, name api_key_env or api_key_file"
            },
            {
                "deployments:\n  - { workspace: '*', model: m, backend: vllm, replicas: [{ url: 'http://a', api_key_env: UNSET }] }",
                "2:59 deployments[0].replicas[0]: environment variable UNSET is not set"
            },
            {
                "deployments:\n  - { workspace: '*', model: m, backend: vllm, replicas: [{ url: 'http://a' }], timeouts: { connect: 2 } }",
                "2:102 deployments[0].timeouts.connect: must be a duration such as 500ms, 2s, 30m or 24h, at most 24h, not \"2\""
            },
            {
                "deployments:\n  - { workspace: '*', model: m, backend: vllm, replicas: [{ url: 'http://a' }], timeouts: { connect: 25h } }",
                "2:102 deployments[0].timeouts.connect: must be a duration such as 500ms, 2s, 30m or 24h, at most 24h, not \"25h\""
            },
            {
                "deployments:\n  - { workspace: '*', model: m, backend: vllm, replicas: [{ url: 'http://a' }], defaults: vllm }",
                "2:91 deployments[0].defaults: must be an object, or the word engine, not a text"
            },
            {
                "deployments:\n  - { workspace: '*', model: m, backend: vllm, replicas: [{ url: 'http://a' }], fallbacks: [n] }",
                "2:93 deployments[0].fallbacks[0]: no deployment offers model \"n\" there, did you mean \"m\"?"
            },
            {
                "deployments:\n  - { workspace: '*', model: m, backend: vllm, replicas: [{ url: 'http://a' }], fallbacks: [m] }",
                "2:93 deployments[0].fallbacks[0]: a model cannot be its own fallback"
            },
            {
                "deployments:\n  - &d { workspace: '*', model: m, backend: vllm, replicas: [{ url: 'http://a' }] }\n  - *d",
                "2:5 deployments[1]: the same deployment is in line 2 already: give each an id, or join their replicas"
            },
            { "plans: [", "2:1 not valid YAML: " },
            { "plans:\n\t- name: a", "1:1 not valid YAML: " },
            { "plans: []\n---\nplans: []", "2:1 only one document is read: join the two" },
            { "plans: *nowhere", "1:8 not valid YAML: there is no anchor &nowhere above this alias" },
            { "plans: &a [*a]", "1:12 not valid YAML: there is no anchor &a above this alias" },
            { "plans: !!set {}", "1:8 not valid YAML: tags such as tag:yaml.org,2002:set are not read" },
            { "? [a]\n: b", "1:3 not valid YAML: the name of a field must be a text" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_told_with_its_place_and_what_to_do(string yaml, string expected)
    {
        using var registry = await OpenAsync();
        var before = registry.State;

        var outcome = await registry.ApplyAsync(WithKeys(yaml));

        var told = string.Join(
            '|',
            outcome.Mistakes.Select(mistake => mistake.ToString()).Order(StringComparer.Ordinal)
        );
        if (expected.EndsWith(": ", StringComparison.Ordinal))
        {
            Assert.StartsWith(expected, told, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(
                expected.Replace("ENGINES", string.Join(", ", EngineCatalog.Names), StringComparison.Ordinal),
                told
            );
        }

        Assert.Same(before, registry.State);
    }

    [Fact]
    public async Task All_mistakes_of_a_file_are_told_at_once_in_its_order()
    {
        using var registry = await OpenAsync();

        var outcome = await registry.ApplyAsync(
            """
            workspaces:
              - name: b
                plan: gold
            keys:
              - name: ci
                workspace: nobody
                sha265: 00
              - name: ci
                workspace: acme
                secret_env: UNSET
            deployments:
              - workspace: acme
                model: m
                backend: vllm
                replicas:
                  - url: localhost:8000
                  - url: http://b
                    wieght: 2
                retry: { attempts: 0 }
                fallbacks: [nothing]
            """
        );

        Assert.Equal([3, 5, 6, 7, 10, 16, 18, 19, 20], outcome.Mistakes.Select(mistake => mistake.Place.Line));
    }

    [Fact]
    public async Task A_bomb_of_aliases_is_refused_quickly()
    {
        using var registry = await OpenAsync();
        var levels = Enumerable
            .Range(1, 12)
            .Select(i => $"l{i}: &l{i} [{string.Join(", ", Enumerable.Repeat($"*l{i - 1}", 9))}]");

        var outcome = await registry.ApplyAsync("l0: &l0 [x]\n" + string.Join('\n', levels));

        Assert.Contains("values, aliases written out", outcome.Mistakes[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[', "more than 32 levels deep")]
    [InlineData('{', "more than 32 levels deep")]
    public async Task A_tower_of_brackets_is_refused(char bracket, string message)
    {
        using var registry = await OpenAsync();

        var outcome = await registry.ApplyAsync("plans: " + new string(bracket, 50_000));

        Assert.Contains(message, Assert.Single(outcome.Mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_too_large_or_not_text_is_refused()
    {
        using var registry = await OpenAsync();
        var applier = registry.Applier();

        var large = await applier.ApplyAsync(new byte[5 * 1024 * 1024], "file:x", false, TestRegistry.Stop);
        var binary = await applier.ApplyAsync(
            "a: 1\nb: \xff"u8.ToArray().Append((byte)0xff).ToArray(),
            "file:x",
            false,
            TestRegistry.Stop
        );

        Assert.Contains("at most 4194304 are read", large.Mistakes[0].Message, StringComparison.Ordinal);
        Assert.Equal("2:1 the document is not UTF-8", Assert.Single(binary.Mistakes).ToString());
    }

    [Fact]
    public async Task A_file_of_nothing_but_mistakes_is_not_echoed_whole()
    {
        using var registry = await OpenAsync();

        var outcome = await registry.ApplyAsync("plans: [" + string.Concat(Enumerable.Repeat("7, ", 10_000)) + "]");

        Assert.Equal(MistakeList.Most + 1, outcome.Mistakes.Count);
        Assert.Equal("and 9800 more mistakes", outcome.Mistakes[^1].Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment")]
    [InlineData("---\n")]
    [InlineData("{}")]
    [InlineData("\uFEFFplans: []")]
    [InlineData("plans:\nkeys: ~\n")]
    public async Task A_file_may_say_nothing(string yaml)
    {
        using var registry = await OpenAsync();

        Assert.Empty(await registry.MustApplyAsync(yaml));
    }

    private static async Task<TestRegistry> OpenAsync()
    {
        var registry = await TestRegistry.OpenAsync();
        registry.Variables["SET"] = "a-key-of-an-operator";
        registry.Variables["SHORT"] = "short";
        registry.Variables["MISTYPED"] = "psk_live_0000000000000000000000000000000000000000000000000";
        await registry.MakeWorkspaceAsync("acme");
        await registry.MakeWorkspaceAsync("free", "starter");
        return registry;
    }

    private static string WithKeys(string yaml) =>
        yaml.Replace("KEY2", new string('b', 64), StringComparison.Ordinal)
            .Replace("KEY", new string('a', 64), StringComparison.Ordinal);
}
