using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Registry.Reading;

namespace Penstock.Management;

/// <summary>One management request on its way through an endpoint: who asks, what with, and the registry it is about.</summary>
internal sealed class ManagementCall(HttpContext http)
{
    private readonly string _actor = http.RequestServices.GetRequiredService<AdminToken>().Actor;

    public LiveRegistry Registry { get; } = http.RequestServices.GetRequiredService<LiveRegistry>();

    public RegistryState State => Registry.State;

    public string Actor => _actor;

    public ReadOnlyMemory<byte> Body => http.Features.Get<ManagementBody>()!.Bytes;

    public CancellationToken Aborted => http.RequestAborted;

    public IHeaderDictionary Headers => http.Request.Headers;

    public static ValueTask<ManagementCall?> BindAsync(HttpContext http) =>
        ValueTask.FromResult<ManagementCall?>(new ManagementCall(http));

    /// <summary>The fields of the body; null with the mistake reported where it is no JSON object.</summary>
    /// <param name="optional">Whether an empty body stands for an empty object.</param>
    public Fields? Read(RegistryDraft draft, FieldTable table, Audience audience, bool optional = false)
    {
        var node = optional && Body.IsEmpty ? new MappingNode(0, 0, []) : JsonTree.Read(Body, draft.Mistakes);
        return node is null ? null : new Fields(node, "", table, audience, draft.Mistakes);
    }

    /// <summary>Runs a change; its answer is sent once it is stored.</summary>
    /// <param name="change">null: it has reported why not.</param>
    public async Task<IResult> ChangeAsync(Func<RegistryDraft, ManagementAnswer?> change)
    {
        var outcome = await Registry.ChangeAsync(_actor, change, Aborted);
        return outcome.Refused ? ManagementErrors.Of(outcome.Mistakes) : outcome.Value!;
    }

    /// <summary>Whether a record may be changed: it is there, and it is the version the caller means.</summary>
    public bool Allows<T>(RegistryDraft draft, T? record, string what, string name)
        where T : class
    {
        if (record is null)
        {
            draft.Mistakes.Add(Place.Nowhere, MistakeCodes.NotFound, $"There is no {what} \"{name}\".");
            return false;
        }

        if (!EntityTag.Allows(Headers.IfMatch, ResourceJson.Of(record, draft.Before)))
        {
            var message =
                $"The {what} \"{name}\" has changed since it was read: read it again and see whether you still want this.";
            draft.Mistakes.Add(Place.Nowhere, MistakeCodes.PreconditionFailed, message);
            return false;
        }

        return true;
    }

    /// <summary>A record as the answer to its creation or change; nothing where there are mistakes, it will not be sent.</summary>
    public static ManagementAnswer? Answer(RegistryDraft draft, object? record, int status, string? location = null)
    {
        if (record is null || draft.Mistakes.Any)
        {
            return null;
        }

        var json = ResourceJson.Of(record, draft.After);
        return ManagementAnswer.Resource(json, json, status, location);
    }

    /// <summary>A record as the answer to a question.</summary>
    public static IResult Answer<T>(T? record, RegistryState state, string what, string name)
        where T : class
    {
        if (record is null)
        {
            return ManagementErrors.NotFound(what, name);
        }

        var json = ResourceJson.Of(record, state);
        return ManagementAnswer.Resource(json, json, StatusCodes.Status200OK);
    }
}
