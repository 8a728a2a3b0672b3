namespace Penstock.Simulator.Answers;

/// <summary>
/// The words of the answers: few, readable, and some that do not fit into ASCII or one UTF-16 unit.
/// </summary>
internal static class Vocabulary
{
    public static readonly Token[] Openers = Words("The|A|Every|This|Our|No|One|Another");

    public static readonly Token[] Articles = Words(" the| a| every| this| our| another| some| each");

    public static readonly Token[] Adjectives = Words(
        " quiet| bright| patient| early| clear| narrow| steady| gentle| deep| northern| careful| old| new| warm| silver"
            + "| naïve| grüne| señorial| simple| slow| quick| hidden| open| round| plain"
    );

    public static readonly Token[] Nouns = Words(
        " river| gate| valve| turbine| harbour| mountain| garden| letter| answer| question| engine| lantern| bridge"
            + "| signal| reservoir| café| façade| Ångström| piñata| 水| 東京| map| token| stream| queue| window| library| storm"
    );

    public static readonly Token[] Verbs = Words(
        " carries| opens| follows| measures| remembers| answers| crosses| lights| keeps| finds| turns| holds| feeds"
            + "| meets| guides| counts| watches| balances| repeats| shapes"
    );

    public static readonly Token[] Adverbs = Words(
        " slowly| again| together| gently| at once| by night| without hurry| every morning| in time| déjà"
    );

    public static readonly Token[] Joints = Words(" and| while| because| so| but| until| when| as");

    public static readonly Token[] Emoji = Words(" 🙂| 🌊| 🚀| 👩‍🔬| ✨| 🇵🇹| ⚡| 🏞️");

    public static readonly Token Comma = Token.Of(",");

    public static readonly Token Stop = Token.Of(".");

    public static readonly Token[] Ends = [Stop, Stop, Stop, Token.Of("!"), Token.Of("?"), Token.Of(";")];

    public static readonly Token Space = Token.Of(" ");

    public static readonly Token Paragraph = Token.Of("\n\n");

    private static Token[] Words(string words) => [.. words.Split('|').Select(Token.Of)];
}
