using System.Globalization;
using Penstock.Metering;

namespace Penstock.Registry;

/// <summary>A price as the declarative file has it.</summary>
internal static class PriceText
{
    public static string Of(TokenPrice price)
    {
        var cached = price.Cached is { } known ? $", cached: {Amount(known)}" : "";
        return $"{{ prompt: {Amount(price.Prompt)}{cached}, completion: {Amount(price.Completion)} }}";
    }

    private static string Amount(long micros) => Money.OfMicros(micros).ToString(CultureInfo.InvariantCulture);
}
