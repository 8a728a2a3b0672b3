using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Penstock.Transport.Plain;

/// <summary>
/// A caller's headers as the framework's types want them. A value becomes a string when somebody asks for it, and the
/// string of the last request on this connection is used again where it says the same.
/// </summary>
internal sealed class PlainRequestHeaders(PlainHead head) : IHeaderDictionary
{
    private readonly string?[] _values = new string?[PlainHead.MostLines];
    private ReadOnlyMemory<byte> _bytes;

    public StringValues this[string key]
    {
        get => Find(key) is >= 0 and var at ? ValueAt(at) : StringValues.Empty;
        set => throw ReadOnly();
    }

    public long? ContentLength
    {
        get => head.ContentLength;
        set => throw ReadOnly();
    }

    public int Count => head.Count;

    public bool IsReadOnly => true;

    public ICollection<string> Keys => [.. this.Select(header => header.Key)];

    public ICollection<StringValues> Values => [.. this.Select(header => header.Value)];

    /// <param name="bytes">The head that has just been read; stays until the request has ended.</param>
    public void Use(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    public bool ContainsKey(string key) => Find(key) >= 0;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value)
    {
        var at = Find(key);
        value = at < 0 ? StringValues.Empty : ValueAt(at);
        return at >= 0;
    }

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator()
    {
        for (var i = 0; i < head.Count; i++)
        {
            var name = _bytes.Slice(head[i].Name, head[i].NameLength);
            yield return new(Encoding.ASCII.GetString(name.Span), ValueAt(i));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    bool ICollection<KeyValuePair<string, StringValues>>.Contains(KeyValuePair<string, StringValues> item) =>
        TryGetValue(item.Key, out var value) && value == item.Value;

    void ICollection<KeyValuePair<string, StringValues>>.CopyTo(KeyValuePair<string, StringValues>[] array, int index)
    {
        foreach (var header in this)
        {
            array[index++] = header;
        }
    }

    void IDictionary<string, StringValues>.Add(string key, StringValues value) => throw ReadOnly();

    void ICollection<KeyValuePair<string, StringValues>>.Add(KeyValuePair<string, StringValues> item) =>
        throw ReadOnly();

    void ICollection<KeyValuePair<string, StringValues>>.Clear() => throw ReadOnly();

    bool IDictionary<string, StringValues>.Remove(string key) => throw ReadOnly();

    bool ICollection<KeyValuePair<string, StringValues>>.Remove(KeyValuePair<string, StringValues> item) =>
        throw ReadOnly();

    private static NotSupportedException ReadOnly() => new("What a caller has sent is not changed.");

    private int Find(string key)
    {
        if (key.Length == 0 || head.Lacks(key.Length, key[^1]))
        {
            return -1;
        }

        var bytes = _bytes.Span;
        for (var i = 0; i < head.Count; i++)
        {
            ref readonly var line = ref head[i];
            if (line.NameLength == key.Length && Ascii.EqualsIgnoreCase(bytes.Slice(line.Name, key.Length), key))
            {
                return i;
            }
        }

        return -1;
    }

    private string ValueAt(int index)
    {
        var value = _bytes.Span.Slice(head[index].Value, head[index].ValueLength);
        ref var known = ref _values[index];
        return known is not null && Ascii.Equals(value, known) ? known : known = Encoding.ASCII.GetString(value);
    }
}
