using System.Reflection;

namespace Penstock.Storage.Redis;

/// <summary>One decision as the server runs it: whole, and nothing in between.</summary>
internal sealed record RedisScript(string Text)
{
    /// <summary>A script of this folder, behind the functions that it shares with others.</summary>
    /// <param name="names">Files without their ending, the decision last.</param>
    public static RedisScript Load(params string[] names) => new(string.Concat(names.Select(Read)));

    private static string Read(string name)
    {
        var resource = $"{typeof(RedisScript).Namespace}.Scripts.{name}.lua";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
