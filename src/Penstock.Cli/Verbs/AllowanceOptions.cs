using System.CommandLine;
using Penstock.Cli.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Verbs;

/// <summary>Token limits and budgets, as options of keys and workspaces.</summary>
internal sealed class AllowanceOptions
{
    private readonly Option<int?> _tpm = Take.Count("--tpm", "Prompt and completion tokens a minute");
    private readonly Option<int?> _concurrency = Take.Count("--concurrency", "Requests under way at a time");
    private readonly Option<long?> _tokensPerDay = Take.LargeCount("--tokens-per-day", "Tokens of a day of UTC");
    private readonly Option<long?> _tokensPerMonth = Take.LargeCount(
        "--tokens-per-month",
        "Tokens of a calendar month"
    );
    private readonly Option<decimal?> _spendPerDay = Take.Amount("--spend-per-day", "Money of a day of UTC");
    private readonly Option<decimal?> _spendPerMonth = Take.Amount("--spend-per-month", "Money of a calendar month");

    public Option[] All => [_tpm, _concurrency, _tokensPerDay, _tokensPerMonth, _spendPerDay, _spendPerMonth];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>Null: none of them was given.</summary>
    public AllowanceShape? Of(VerbCall call)
    {
        var limits = new AllowanceShape
        {
            TokensPerMinute = call.Get(_tpm),
            ConcurrentRequests = call.Get(_concurrency),
            TokensPerDay = call.Get(_tokensPerDay),
            TokensPerMonth = call.Get(_tokensPerMonth),
            SpendPerDay = call.Get(_spendPerDay),
            SpendPerMonth = call.Get(_spendPerMonth),
        };
        return limits == new AllowanceShape() ? null : limits;
    }
}
