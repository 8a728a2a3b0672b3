namespace Penstock.Registry.Reading;

/// <summary>
/// Reads the fields of one object and reports everything that is wrong with it: unknown and repeated names at once,
/// wrong values as they are read. What cannot be read keeps its current value, so that reading always goes on.
/// </summary>
internal sealed class Fields
{
    private readonly MappingNode _node;
    private readonly FieldTable _table;
    private readonly Audience _audience;
    private readonly MistakeList _mistakes;
    private readonly Dictionary<string, Node> _given = new(StringComparer.Ordinal);

    public Fields(MappingNode node, string path, FieldTable table, Audience audience, MistakeList mistakes)
    {
        (_node, Path, _table, _audience, _mistakes) = (node, path, table, audience, mistakes);
        foreach (var entry in node.Entries)
        {
            Take(entry);
        }

        foreach (var field in table.Fields)
        {
            var required = (field.RequiredBy & audience) != Audience.None;
            if (required && (!_given.TryGetValue(field.Name, out var value) || IsNull(value)))
            {
                mistakes.Add(At(""), MistakeCodes.Missing, $"{table.Name} needs \"{field.Name}\": {field.Meaning}");
            }
        }
    }

    public string Path { get; }
    public MistakeList Mistakes => _mistakes;
    public Audience Audience => _audience;

    /// <summary>Whether it is there, if only as null.</summary>
    public bool Has(string name) => _given.ContainsKey(name);

    /// <summary>Whether it is there with a value.</summary>
    public bool HasValue(string name) => _given.TryGetValue(name, out var value) && !IsNull(value);

    /// <summary>Where a field stands, or an item of its list (<c>models[1]</c>); where it is absent, the object itself.</summary>
    public Place At(string name)
    {
        var (field, index) = Indexed(name);
        var found = _given.GetValueOrDefault(field) ?? _node;
        if (index >= 0 && found is SequenceNode list && index < list.Items.Count)
        {
            found = list.Items[index];
        }

        return new Place(found.Line, found.Column, Join(Path, name));
    }

    public void Report(string name, string code, string message) => _mistakes.Add(At(name), code, message);

    /// <summary>The value of a field: as it is where absent, the default where null, else what the conversion makes of it.</summary>
    public T Read<T>(string name, T current, T byDefault, Conversion<T> convert)
    {
        if (!_given.TryGetValue(name, out var value))
        {
            return current;
        }

        if (IsNull(value))
        {
            return byDefault;
        }

        if (convert(value, _table[name], out var converted, out var problem))
        {
            return converted;
        }

        // No problem told: it is not even of the right type.
        var code = problem is null ? MistakeCodes.InvalidType : MistakeCodes.InvalidValue;
        Report(name, code, problem ?? $"must be {Conversions.Article(_table[name].Kind)}, not {value.Kind}");
        return current;
    }

    /// <summary>A list of texts; each item that is wrong is reported where it stands.</summary>
    public ValueList<string>? Texts(string name, ValueList<string>? current, ValueList<string>? byDefault)
    {
        if (!_given.TryGetValue(name, out var value))
        {
            return current;
        }

        if (IsNull(value))
        {
            return byDefault;
        }

        if (value is not SequenceNode list)
        {
            Report(name, MistakeCodes.InvalidType, $"must be a list of texts, not {value.Kind}");
            return current;
        }

        CheckCount(name, list);
        var texts = new List<string>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (!Conversions.Text(list.Items[i], _table[name], out var text, out var problem))
            {
                var code = problem is null ? MistakeCodes.InvalidType : MistakeCodes.InvalidValue;
                Report($"{name}[{i}]", code, problem ?? $"must be a text, not {list.Items[i].Kind}");
            }
            else if (texts.Contains(text, StringComparer.Ordinal))
            {
                Report($"{name}[{i}]", MistakeCodes.InvalidValue, $"\"{text}\" is there twice");
            }
            else
            {
                texts.Add(text);
            }
        }

        return ValueList.Of(texts);
    }

    /// <summary>The fields of an object inside; null where it is absent, null or not an object.</summary>
    public Fields? Object(string name)
    {
        if (!_given.TryGetValue(name, out var value) || IsNull(value))
        {
            return null;
        }

        return Inner(value, name, _table[name].Fields!);
    }

    /// <summary>The objects of a list inside; those that are none are reported and left out.</summary>
    public IReadOnlyList<Fields> Objects(string name)
    {
        if (!_given.TryGetValue(name, out var value) || IsNull(value))
        {
            return [];
        }

        if (value is not SequenceNode list)
        {
            Report(name, MistakeCodes.InvalidType, $"must be a list, not {value.Kind}");
            return [];
        }

        CheckCount(name, list);
        return [.. list.Items.Select((item, i) => Inner(item, $"{name}[{i}]", _table[name].Fields!)).OfType<Fields>()];
    }

    /// <summary>The scalar itself, for a field that is an object or a word.</summary>
    public ScalarNode? Scalar(string name) => _given.GetValueOrDefault(name) as ScalarNode;

    private Fields? Inner(Node value, string name, FieldTable inner)
    {
        if (value is MappingNode mapping)
        {
            return new Fields(mapping, Join(Path, name), inner, _audience, _mistakes);
        }

        var place = new Place(value.Line, value.Column, Join(Path, name));
        _mistakes.Add(place, MistakeCodes.InvalidType, $"must be an object, not {value.Kind}");
        return null;
    }

    private void Take(MappingEntry entry)
    {
        var name = entry.Key.Text;
        var place = new Place(entry.Key.Line, entry.Key.Column, Join(Path, name));
        var field = _table.Find(name);
        if (field is null)
        {
            var suggestion = Suggestion.For(name, Allowed());
            _mistakes.Add(place, MistakeCodes.UnknownField, $"unknown field \"{name}\"{suggestion}");
        }
        else if ((field.AllowedTo & _audience) == Audience.None)
        {
            _mistakes.Add(place, MistakeCodes.UnknownField, $"\"{name}\" cannot be given here{Instead(name)}");
        }
        else if (!_given.TryAdd(name, entry.Value))
        {
            _mistakes.Add(place, MistakeCodes.InvalidValue, $"\"{name}\" is there twice");
        }
    }

    private IEnumerable<string> Allowed() =>
        _table.Fields.Where(field => (field.AllowedTo & _audience) != Audience.None).Select(field => field.Name);

    private string Instead(string name) =>
        (name, _audience) switch
        {
            ("api_key", Audience.File) => ": a credential does not belong in a file, name api_key_env or api_key_file",
            ("secret", Audience.File) => ": a key does not belong in a file, give its sha256 or name secret_env",
            ("workspace", Audience.Change) => ": it cannot move to another workspace, make a new one there",
            _ => "",
        };

    private void CheckCount(string name, SequenceNode list)
    {
        var (least, most) = _table[name].Count;
        if (list.Items.Count < least || list.Items.Count > most)
        {
            Report(name, MistakeCodes.InvalidValue, $"must have {least} to {most} items, it has {list.Items.Count}");
        }
    }

    private static bool IsNull(Node value) => value is ScalarNode { Form: ScalarForm.Null };

    private static string Join(string path, string name) =>
        path.Length == 0 ? name
        : name.Length == 0 ? path
        : $"{path}.{name}";

    private static (string Field, int Index) Indexed(string name) =>
        name.IndexOf('[', StringComparison.Ordinal) is var bracket and > 0
        && int.TryParse(name.AsSpan(bracket + 1, name.IndexOf(']', bracket) - bracket - 1), out var index)
            ? (name[..bracket], index)
            : (name, -1);
}
