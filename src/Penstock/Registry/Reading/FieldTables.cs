using Penstock.Engines.RunPod;
using Penstock.Metering;
using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Registry.Reading;

/// <summary>Every field a person can write, in the file and in the bodies of the management API.</summary>
internal static class FieldTables
{
    private const Audience Whole = Audience.File | Audience.Create;
    private const Audience Api = Audience.Create | Audience.Change;

    // A limit above this is a slip: no single gateway serves a hundred million requests a minute.
    private const int MostRequests = 100_000_000;

    // What a double holds exactly, which is how schemas and readers see numbers.
    private const double MostTokens = 9_007_199_254_740_992;

    // Above those that use it: statics are made in the order in which they stand.
    private static FieldTable AllowanceFields { get; } =
        new(
            "limits",
            new Field("tokens_per_minute", FieldKind.Integer, "Prompt and completion tokens a minute.")
            {
                Min = 1,
                Max = int.MaxValue,
            },
            new Field("concurrent_requests", FieldKind.Integer, "Requests under way at a time.")
            {
                Min = 1,
                Max = 1_000_000,
            },
            new Field("tokens_per_day", FieldKind.Integer, "Tokens of a day of UTC.") { Min = 1, Max = MostTokens },
            new Field("tokens_per_month", FieldKind.Integer, "Tokens of a calendar month of UTC.")
            {
                Min = 1,
                Max = MostTokens,
            },
            Amount("spend_per_day", "Money of a day of UTC, in the currency of the prices."),
            Amount("spend_per_month", "Money of a calendar month of UTC, in the currency of the prices.")
        );

    public static FieldTable Plan { get; } =
        new(
            "plan",
            new Field("name", FieldKind.Text, "Its name, as in X-RateLimit-Tier.")
            {
                Form = TextForm.Name,
                RequiredBy = Audience.File,
                AllowedTo = Audience.File,
            },
            Requests("requests_per_minute", "Requests a minute of a key that has no limit of its own."),
            Requests("max_requests_per_minute", "The most that a key may ask for."),
            Requests("burst", "Requests that may stand in a key's bucket at once; absent: a tenth of its limit."),
            new Field("keys", FieldKind.Boolean, "Whether its workspaces may have keys; absent: yes."),
            new Field("priority", FieldKind.Integer, "Its weight where requests wait for each other; absent: 0.")
            {
                Min = 0,
                Max = EnginePriorities.Highest,
            },
            Usable("What each of its keys may use that has no limit of its own.")
        );

    public static FieldTable Workspace { get; } =
        new(
            "workspace",
            new Field("name", FieldKind.Text, "Its name.") { Form = TextForm.Name, RequiredBy = Whole },
            new Field("plan", FieldKind.Text, "Its plan; absent: pro.") { Form = TextForm.Reference },
            Usable("What its keys may use together.")
        );

    public static FieldTable Key { get; } =
        new(
            "key",
            new Field("name", FieldKind.Text, "Its name, unique in its workspace.")
            {
                Form = TextForm.KeyName,
                RequiredBy = Audience.File,
            },
            new Field("workspace", FieldKind.Text, "The workspace it belongs to.")
            {
                Form = TextForm.Reference,
                RequiredBy = Whole,
                AllowedTo = Whole,
            },
            new Field("sha256", FieldKind.Text, "SHA-256 of the key. The file needs this or secret_env.")
            {
                Form = TextForm.Sha256,
                AllowedTo = Whole,
            },
            new Field("secret_env", FieldKind.Text, "Environment variable of the server that holds the key.")
            {
                Form = TextForm.Variable,
                AllowedTo = Audience.File,
            },
            new Field("secret", FieldKind.Text, "A key that is brought along.") { AllowedTo = Audience.Create },
            Requests("requests_per_minute", "Its own limit; absent: the plan's."),
            Requests("burst", "Its own burst; absent: the plan's."),
            new Field("models", FieldKind.Texts, "The models it may call; absent: every model of its workspace.")
            {
                Form = TextForm.Model,
                Count = (1, 1_000),
            },
            new Field("permissions", FieldKind.Texts, "What it may do beyond calling models.")
            {
                Values = KeyPermissions.Known,
            },
            new Field("expires_at", FieldKind.Moment, "From this moment on it is refused; absent: never."),
            Usable("What it may use; absent members: the plan's.")
        );

    public static FieldTable Replica { get; } =
        new(
            "replica",
            new Field(
                "url",
                FieldKind.Text,
                "Scheme, host, port and an optional base path, without /v1. This or runpod."
            ),
            new Field("runpod", FieldKind.Text, "The id of an endpoint at RunPod, in place of a URL.")
            {
                Form = TextForm.RunPodEndpoint,
            },
            new Field("mode", FieldKind.Text, "The kind of that endpoint; absent: queue.")
            {
                Values = [RunPodEndpoint.QueueWord, RunPodEndpoint.LoadBalancerWord],
            },
            new Field("api_key", FieldKind.Text, "The engine's credential, stored encrypted.") { AllowedTo = Api },
            new Field("api_key_env", FieldKind.Text, "Environment variable of the server that holds the credential.")
            {
                Form = TextForm.Variable,
            },
            new Field("api_key_file", FieldKind.Text, "File on the server that holds the credential.")
            {
                Form = TextForm.Path,
            },
            new Field("weight", FieldKind.Integer, "Its share of the traffic; absent: 1.") { Min = 1, Max = 1_000 },
            new Field(
                "drained",
                FieldKind.Boolean,
                "Whether it gets nothing new while what runs on it ends; absent: no."
            )
        );

    public static FieldTable Limits { get; } =
        new(
            "limits",
            new Field("top_logprobs", FieldKind.Integer, "Highest top_logprobs; absent: 5.") { Min = 0, Max = 1_000 },
            new Field("n", FieldKind.Integer, "Highest n; absent: 128.") { Min = 1, Max = 128 },
            new Field("max_concurrency", FieldKind.Integer, "Requests under way per replica; absent: 256.")
            {
                Min = 1,
                Max = 1_000_000,
            },
            new Field("queue", FieldKind.Integer, "Requests that may wait for a slot; absent: 64.")
            {
                Min = 0,
                Max = 1_000_000,
            },
            new Field("queue_wait", FieldKind.Duration, "Longest wait for a slot; absent: 30s."),
            new Field("start_wait", FieldKind.Duration, "Longest wait while the replicas are starting; absent: 2m."),
            new Field(
                "outage_wait",
                FieldKind.Duration,
                "How old an outage of all replicas may be for requests to wait for its end; absent: 5s."
            )
        );

    public static FieldTable Defaults { get; } =
        new(
            "defaults",
            new Field("max_tokens", FieldKind.Integer, "Added where the caller was silent.")
            {
                Min = 1,
                Max = int.MaxValue,
            },
            new Field("temperature", FieldKind.Number, "Added where the caller was silent.") { Min = 0, Max = 2 },
            new Field("top_p", FieldKind.Number, "Added where the caller was silent.") { Min = 0, Max = 1 }
        );

    public static FieldTable Timeouts { get; } =
        new(
            "timeouts",
            new Field("connect", FieldKind.Duration, "TCP and TLS; absent: 2s."),
            new Field("first_byte", FieldKind.Duration, "Request sent to the answer's first byte; absent: 120s."),
            new Field("idle", FieldKind.Duration, "Between two reads of an answer; absent: 30s."),
            new Field("total", FieldKind.Duration, "The whole call; absent: 30m.")
        );

    public static FieldTable Retry { get; } =
        new(
            "retry",
            new Field("attempts", FieldKind.Integer, "Attempts in all, the first included; absent: 3.")
            {
                Min = 1,
                Max = 10,
            }
        );

    public static FieldTable Price { get; } =
        new(
            "price",
            Amount("prompt", "Of a million prompt tokens.") with
            {
                RequiredBy = Audience.All,
            },
            Amount("cached", "Of a million prompt tokens that were in the engine's cache; absent: as prompt."),
            Amount("completion", "Of a million completion tokens.") with
            {
                RequiredBy = Audience.All,
            }
        );

    public static FieldTable Deployment { get; } =
        new(
            "deployment",
            new Field("id", FieldKind.Uuid, "Absent: made once and kept.") { AllowedTo = Whole },
            new Field("workspace", FieldKind.Text, "The workspace that sees it, or \"*\": shared by all.")
            {
                Form = TextForm.Reference,
                RequiredBy = Whole,
                AllowedTo = Whole,
            },
            new Field("model", FieldKind.Text, "The name callers use.") { Form = TextForm.Model, RequiredBy = Whole },
            new Field("upstream_model", FieldKind.Text, "The name the engine knows; absent: the same as model.")
            {
                Form = TextForm.Model,
            },
            new Field("backend", FieldKind.Text, "The engine's dialect, and the value of X-Backend.")
            {
                Form = Backends.Form,
                RequiredBy = Whole,
            },
            new Field("replicas", FieldKind.Objects, "Where it is served.")
            {
                Fields = Replica,
                RequiredBy = Whole,
                Count = (1, 256),
            },
            new Field("limits", FieldKind.Object, "What it can take.") { Fields = Limits },
            new Field(
                "defaults",
                FieldKind.ObjectOrWord,
                "Added where the caller was silent; engine: nothing is added."
            )
            {
                Fields = Defaults,
                Word = "engine",
            },
            new Field("timeouts", FieldKind.Object, "How long each part of a call may take.") { Fields = Timeouts },
            new Field("retry", FieldKind.Object, "How often a request may be tried.") { Fields = Retry },
            new Field("policy", FieldKind.Text, "How a replica is chosen; absent: prefix.")
            {
                Values = RoutingPolicyNames.All,
            },
            new Field(
                "share_cache",
                FieldKind.Boolean,
                "Whether workspaces share the engine's prompt cache, where one could time what another has asked; absent: no."
            ),
            new Field(
                "engine_priority",
                FieldKind.Boolean,
                "Whether the plan's priority goes to the engine, which must be started for it; absent: no."
            ),
            new Field(
                "continuity",
                FieldKind.Text,
                "Whether another replica goes on with a stream whose engine dies; absent: auto, where it is safe."
            )
            {
                Values = ContinuityWords.All,
            },
            new Field(
                "hedge",
                FieldKind.Text,
                "Whether another replica gets a request too whose first byte is late: off or auto; absent: off."
            )
            {
                Values = HedgeWords.All,
            },
            new Field("price", FieldKind.Object, "What a million tokens cost; absent: nothing.") { Fields = Price },
            new Field(
                "usage",
                FieldKind.Text,
                "How often the engine is asked what a stream has used: auto (with every chunk where it knows how), "
                    + "final (at the end), off; absent: auto."
            )
            {
                Values = UsageReportingNames.All,
            },
            new Field("fallbacks", FieldKind.Texts, "Models tried in order when no replica can answer.")
            {
                Form = TextForm.Model,
                Count = (0, 16),
            }
        );

    public static FieldTable Credit { get; } =
        new(
            "credit",
            new Field("amount", FieldKind.Number, "What is added, in the currency of the prices; negative takes away.")
            {
                RequiredBy = Audience.All,
                Min = -Money.Most,
                Max = Money.Most,
            }
        );

    public static FieldTable Rotation { get; } =
        new(
            "rotation",
            new Field("grace", FieldKind.Duration, "How long the old secret goes on working; absent: 24h.")
            {
                // A quarter: who has not changed a key by then has forgotten it.
                Max = 90 * 24 * 3600,
            }
        );

    public static FieldTable Drain { get; } =
        new(
            "drain",
            new Field("replica", FieldKind.Text, "The URL of one replica; absent: all of them."),
            new Field("undo", FieldKind.Boolean, "Puts it back into use; absent: no.")
        );

    public static FieldTable File { get; } =
        new(
            "file",
            List("plans", Plan, "Overrides shipped plans or adds plans."),
            List("workspaces", Workspace, "Tenants."),
            List("keys", Key, "API keys."),
            List("deployments", Deployment, "Models and where they are served.")
        );

    private static Field Requests(string name, string meaning) =>
        new(name, FieldKind.Integer, meaning) { Min = 1, Max = MostRequests };

    private static Field Usable(string meaning) =>
        new(AllowanceReader.Field, FieldKind.Object, meaning) { Fields = AllowanceFields };

    private static Field Amount(string name, string meaning) =>
        new(name, FieldKind.Number, meaning) { Min = 0, Max = Money.Most };

    private static Field List(string name, FieldTable table, string meaning) =>
        new(name, FieldKind.Objects, meaning) { Fields = table, Count = (0, 100_000) };
}
