using Penstock.Primitives;

namespace Penstock.Benchmarks.Fuzz;

/// <summary>
/// Throws broken answers at the reading of what engines send, by hand and for as long as is asked. An input that
/// breaks a rule is written to a file; it belongs into the corpus and into a test.
/// </summary>
internal static class FuzzRun
{
    private const int MostSeconds = 3_600;

    public static int Run(string[] arguments, TextWriter output)
    {
        if (arguments is not [var seconds] || !int.TryParse(seconds, out var time) || time is < 1 or > MostSeconds)
        {
            output.WriteLine($"fuzz SECONDS (1 to {MostSeconds})");
            return 2;
        }

        var seed = Environment.TickCount;
        var chance = new Chance(seed);
        var corpus = Corpus.Read();
        var begin = TimeProvider.System.GetTimestamp();
        var inputs = 0L;
        while (TimeProvider.System.GetElapsedTime(begin).TotalSeconds < time)
        {
            var input = Mutation.Of(corpus[chance.Next(corpus.Count)], corpus, chance);
            if (Judge(input, chance) is { } broken)
            {
                var file = Path.Combine(Path.GetTempPath(), $"fuzz-{seed}-{inputs}.bin");
                File.WriteAllBytes(file, input);
                output.WriteLine($"{broken}\ninput {inputs} of seed {seed}, kept in {file}");
                return 1;
            }

            inputs++;
        }

        output.WriteLine($"{inputs} inputs of seed {seed}: nothing found");
        return 0;
    }

    public static int Next(this Chance chance, int below) => (int)(chance.NextDouble() * below);

    private static string? Judge(byte[] input, Chance chance)
    {
        try
        {
            return AnswerTarget.Judge(input, chance) ?? EventTarget.Judge(input, chance);
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }
}
