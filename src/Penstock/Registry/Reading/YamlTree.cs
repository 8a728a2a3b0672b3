using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Penstock.Registry.Reading;

/// <summary>
/// Reads one YAML document, and so JSON too, into a tree that knows lines and columns. No tags, so no types but ours;
/// _anchors and aliases are understood and counted as what they stand for.
/// </summary>
internal sealed class YamlTree
{
    private readonly IParser _parser;
    private readonly MistakeList _mistakes;
    private readonly Dictionary<string, (Node Node, int Weight)> _anchors = new(StringComparer.Ordinal);
    private readonly int _mostNodes;
    private int _weight;

    private YamlTree(IParser parser, MistakeList mistakes, int mostNodes) =>
        (_parser, _mistakes, _mostNodes) = (parser, mistakes, mostNodes);

    /// <summary>The document's root; null with a mistake reported. An empty document is an empty object.</summary>
    /// <param name="bounded">False only for what we have written ourselves.</param>
    public static Node? Read(ReadOnlySpan<byte> utf8, MistakeList mistakes, bool bounded = true)
    {
        if (bounded && utf8.Length > DocumentLimits.MostBytes)
        {
            var message = $"the document has {utf8.Length} bytes, at most {DocumentLimits.MostBytes} are read";
            mistakes.Add(Place.Nowhere, MistakeCodes.InvalidDocument, message);
            return null;
        }

        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            var line = utf8[..Math.Max(0, error.Index)].Count((byte)'\n') + 1;
            mistakes.Add(new Place(line, 1, ""), MistakeCodes.InvalidDocument, "the document is not UTF-8");
            return null;
        }

        try
        {
            return new YamlTree(
                new Parser(new StringReader(text)),
                mistakes,
                bounded ? DocumentLimits.MostNodes : int.MaxValue
            ).Document();
        }
        catch (YamlException error)
        {
            var message = error.InnerException?.Message ?? error.Message;
            mistakes.Add(At(error.Start), MistakeCodes.InvalidDocument, $"not valid YAML: {message}");
            return null;
        }
    }

    private Node? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return new MappingNode(1, 1, []);
        }

        _parser.Consume<DocumentStart>();
        var root = Next(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _mistakes.Add(At(second.Start), MistakeCodes.InvalidDocument, "only one document is read: join the two");
            return null;
        }

        return root is ScalarNode { Form: ScalarForm.Null } ? new MappingNode(1, 1, []) : root;
    }

    private Node Next(int depth)
    {
        var current = _parser.Consume<ParsingEvent>();
        if (depth > DocumentLimits.MostDepth)
        {
            throw Refused(current, $"more than {DocumentLimits.MostDepth} levels deep");
        }

        Weigh(current, 1);
        if (current is AnchorAlias alias)
        {
            return Resolve(alias);
        }

        if (current is not NodeEvent node)
        {
            throw Refused(current, "a value is missing");
        }

        var before = _weight;
        RefuseTag(node);
        Node read = node switch
        {
            Scalar scalar => Of(scalar),
            SequenceStart start => Sequence(start, depth),
            MappingStart start => Mapping(start, depth),
            _ => throw Refused(current, "unexpected"),
        };
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor.Value] = (read, _weight - before + 1);
        }

        return read;
    }

    private SequenceNode Sequence(SequenceStart start, int depth)
    {
        var items = new List<Node>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Next(depth + 1));
        }

        return new SequenceNode((int)start.Start.Line, (int)start.Start.Column, items);
    }

    private MappingNode Mapping(MappingStart start, int depth)
    {
        var entries = new List<MappingEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var at = _parser.Current!;
            if (Next(depth + 1) is not ScalarNode key)
            {
                throw Refused(at, "the name of a field must be a text");
            }

            entries.Add(new MappingEntry(key, Next(depth + 1)));
        }

        return new MappingNode((int)start.Start.Line, (int)start.Start.Column, entries);
    }

    private static ScalarNode Of(Scalar scalar)
    {
        var plain = scalar.Style is ScalarStyle.Plain;
        var form = plain ? ScalarForms.Of(scalar.Value) : ScalarForm.Text;
        return new ScalarNode((int)scalar.Start.Line, (int)scalar.Start.Column, scalar.Value, form);
    }

    /// <summary>An alias inside its own anchor finds none yet, so nothing can contain itself.</summary>
    private Node Resolve(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchored))
        {
            throw Refused(alias, $"there is no anchor &{alias.Value.Value} above this alias");
        }

        Weigh(alias, anchored.Weight);
        return anchored.Node;
    }

    private void Weigh(ParsingEvent current, int more)
    {
        _weight += more;
        if (_weight > _mostNodes)
        {
            throw Refused(current, $"more than {_mostNodes} values, aliases written out");
        }
    }

    private static void RefuseTag(NodeEvent node)
    {
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            throw Refused(node, $"tags such as {node.Tag.Value} are not read");
        }
    }

    private static YamlException Refused(ParsingEvent at, string message) => new(at.Start, at.End, message);

    private static Place At(Mark mark) => new((int)mark.Line, (int)mark.Column, "");
}
