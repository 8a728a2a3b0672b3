using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Penstock.Transport.Plain;

/// <summary>
/// The headers of the answers of one connection. Their names stay where they are from one answer to the next, so that
/// whoever writes the same ones again finds each where the last time it stood.
/// </summary>
internal sealed class PlainAnswerHeaders : IHeaderDictionary
{
    private const int FirstRoom = 16;

    /// <summary>More names than any answer has: then they are not the same ones again.</summary>
    private const int MostNames = 64;

    private AnswerHeader[] _headers = new AnswerHeader[FirstRoom];
    private int _names;
    private NameSet _known;
    private int _next;
    private long? _contentLength;

    public StringValues this[string key]
    {
        get => TryGetValue(key, out var value) ? value : StringValues.Empty;
        set
        {
            if (IsContentLength(key))
            {
                _contentLength = ReadLength(value);
            }
            else if (Find(key) is >= 0 and var at)
            {
                _headers[at].Set(value);
            }
            else if (value.Count > 0)
            {
                Append(key).Set(value);
            }
        }
    }

    public long? ContentLength
    {
        get => _contentLength;
        set =>
            _contentLength = value is null or >= 0
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "A length is not negative.");
    }

    public int Count
    {
        get
        {
            var count = _contentLength is null ? 0 : 1;
            foreach (ref readonly var header in Lines)
            {
                count += header.IsThere ? 1 : 0;
            }

            return count;
        }
    }

    public bool IsReadOnly => false;

    public ICollection<string> Keys => [.. this.Select(header => header.Key)];

    public ICollection<StringValues> Values => [.. this.Select(header => header.Value)];

    /// <summary>All but the length, and names without a value between them.</summary>
    public ReadOnlySpan<AnswerHeader> Lines => _headers.AsSpan(0, _names);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, out StringValues value)
    {
        value =
            IsContentLength(key) ? LengthText()
            : Find(key) is >= 0 and var at ? _headers[at].Values
            : StringValues.Empty;
        return value.Count > 0;
    }

    public void Add(string key, StringValues value)
    {
        if (ContainsKey(key))
        {
            throw new ArgumentException($"There is a header {key} already.", nameof(key));
        }

        this[key] = value;
    }

    public bool Remove(string key)
    {
        var had = ContainsKey(key);
        this[key] = StringValues.Empty;
        return had;
    }

    public void Clear()
    {
        foreach (ref var header in _headers.AsSpan(0, _names))
        {
            header.Forget();
        }

        (_next, _contentLength) = (0, null);
        if (_names > MostNames)
        {
            (_headers, _names, _known) = (new AnswerHeader[FirstRoom], 0, default);
        }
    }

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator()
    {
        for (var i = 0; i < _names; i++)
        {
            if (_headers[i].IsThere)
            {
                yield return new(_headers[i].Name, _headers[i].Values);
            }
        }

        if (_contentLength is not null)
        {
            yield return new(HeaderNames.ContentLength, LengthText());
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    void ICollection<KeyValuePair<string, StringValues>>.Add(KeyValuePair<string, StringValues> item) =>
        Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, StringValues>>.Contains(KeyValuePair<string, StringValues> item) =>
        TryGetValue(item.Key, out var value) && value == item.Value;

    void ICollection<KeyValuePair<string, StringValues>>.CopyTo(KeyValuePair<string, StringValues>[] array, int index)
    {
        foreach (var header in this)
        {
            array[index++] = header;
        }
    }

    bool ICollection<KeyValuePair<string, StringValues>>.Remove(KeyValuePair<string, StringValues> item) =>
        TryGetValue(item.Key, out var value) && value == item.Value && Remove(item.Key);

    private int Find(string name)
    {
        var expected = _next;
        if (expected < _names && ReferenceEquals(_headers[expected].Name, name))
        {
            _next = expected + 1;
            return expected;
        }

        return Search(name);
    }

    private int Search(string name)
    {
        if (name.Length == 0 || _known.Lacks(name.Length, name[^1]))
        {
            return -1;
        }

        for (var i = 0; i < _names; i++)
        {
            var known = _headers[i].Name;
            if (known.Length == name.Length && known.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                _next = i + 1;
                return i;
            }
        }

        return -1;
    }

    private ref AnswerHeader Append(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_names == _headers.Length)
        {
            Array.Resize(ref _headers, _names * 2);
        }

        ref var header = ref _headers[_names++];
        header = new AnswerHeader(name);
        _known.Add(name.Length, name[^1]);
        _next = _names;
        return ref header;
    }

    private static bool IsContentLength(string name) =>
        name.Length == HeaderNames.ContentLength.Length
        && name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase);

    private StringValues LengthText() => new(_contentLength?.ToString(CultureInfo.InvariantCulture));

    private static long? ReadLength(StringValues value) =>
        value.Count == 0 ? null
        : long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length
        : throw new InvalidOperationException("A Content-Length is a number.");
}
