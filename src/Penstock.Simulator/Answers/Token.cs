using System.Text;

namespace Penstock.Simulator.Answers;

/// <summary>One token with every form in which it goes over the wire, made once.</summary>
internal sealed class Token
{
    /// <summary>Ends an answer; its text never reaches the content, as in a real engine.</summary>
    public static readonly Token End = new("", spelled: "<|im_end|>");

    private readonly string _spelled;

    private Token(string text, string spelled)
    {
        _spelled = spelled;
        Text = text;
        JsonText = Answers.JsonText.Escape(text);
        Delta = [.. "{\"content\":\""u8, .. JsonText, .. "\"}"u8];
        Id = (int)(Dice.Hash(0, Encoding.UTF8.GetBytes(spelled)) % 128_000);
    }

    public int Id { get; }

    public string Text { get; }

    /// <summary>As <c>logprobs</c> show it: special tokens too.</summary>
    public string Spelled => _spelled;

    /// <summary>Escaped, without quotes.</summary>
    public byte[] JsonText { get; }

    /// <summary>The <c>delta</c> of a stream chunk that carries just this token.</summary>
    public byte[] Delta { get; }

    public static Token Of(string text) => new(text, text);
}
