namespace Penstock.Relaying;

/// <summary>
/// Id, time of creation and model of a stream as its first chunk spelled them: what every later chunk must say too,
/// whichever engine it comes from.
/// </summary>
internal sealed class StreamIdentity
{
    private readonly byte[] _id;
    private readonly byte[] _created;
    private readonly byte[] _model;

    public StreamIdentity(ReadOnlySpan<byte> chunk, in ChunkFacts facts)
    {
        _id = chunk[facts.Id].ToArray();
        _created = chunk[facts.Created].ToArray();
        _model = chunk[facts.Model].ToArray();
    }

    /// <summary>Makes a chunk of another engine one of this stream.</summary>
    public void PutInto(in ChunkFacts facts, int length, ref ChunkEdits edits)
    {
        Put(facts.Id, _id, length, ref edits);
        Put(facts.Created, _created, length, ref edits);
        Put(facts.Model, _model, length, ref edits);
    }

    /// <summary>The members in front of <c>choices</c>, for a chunk that no engine sends any more.</summary>
    public byte[] Members()
    {
        var id = _id is [] ? "\"chatcmpl\""u8 : _id;
        var created = _created is [] ? "0"u8 : _created;
        var model = _model is [] ? "\"\""u8 : _model;
        return
        [
            .. "\"id\":"u8,
            .. id,
            .. ",\"object\":\"chat.completion.chunk\",\"created\":"u8,
            .. created,
            .. ",\"model\":"u8,
            .. model,
        ];
    }

    private static void Put(Range place, byte[] value, int length, ref ChunkEdits edits)
    {
        if (place.End.Value > place.Start.Value && value is not [])
        {
            edits.Replace(place, length, value);
        }
    }
}
