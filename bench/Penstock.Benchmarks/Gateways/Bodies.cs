using System.Text;

namespace Penstock.Benchmarks.Gateways;

/// <summary>Bodies as openai-python spells them: messages first, model and stream last.</summary>
internal static class Bodies
{
    /// <summary>Text with the escapes of prose and of code.</summary>
    private const string Sentence = "The water comes down the hill,\\nturns \\\"the wheel\\\" and goes on its way. ";

    public static byte[] Chat(int prompt, bool stream, string model = BenchFiles.Model)
    {
        var text = new StringBuilder("{\"messages\":[{\"role\":\"user\",\"content\":\"");
        for (var length = 0; length < prompt; length += Sentence.Length)
        {
            text.Append(Sentence);
        }

        text.Append("\"}],\"model\":\"").Append(model).Append("\",\"temperature\":0.7");
        if (stream)
        {
            text.Append(",\"stream\":true");
        }

        return Encoding.UTF8.GetBytes(text.Append('}').ToString());
    }
}
