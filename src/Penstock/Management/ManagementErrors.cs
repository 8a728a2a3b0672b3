using Penstock.Contracts;
using Penstock.Registry;

namespace Penstock.Management;

/// <summary>Refusals of the management API as status and envelope.</summary>
internal static class ManagementErrors
{
    public static ManagementAnswer InvalidToken { get; } =
        Of(
            StatusCodes.Status401Unauthorized,
            "invalid_admin_token",
            "The admin token is missing or wrong: send it as Authorization: Bearer <token>. "
                + "It is in the file admin-token of the data folder, or in PENSTOCK_ADMIN_TOKEN."
        );

    public static ManagementAnswer UnknownEndpoint { get; } =
        Of(StatusCodes.Status404NotFound, "unknown_endpoint", "There is no such path here.");

    public static ManagementAnswer MethodNotAllowed { get; } =
        Of(
            StatusCodes.Status405MethodNotAllowed,
            "method_not_allowed",
            "This path does not take this method: see Allow."
        );

    /// <summary>What is wrong with the database is for the log: its address is not for everybody with a token.</summary>
    public static ManagementAnswer StoreAway { get; } =
        Of(
            StatusCodes.Status503ServiceUnavailable,
            "database_unavailable",
            "The database cannot be used now, so nothing can be changed. Requests go on being answered. If this was a "
                + "change, see whether it happened before you try again: its answer may be all that was lost."
        );

    public static ManagementAnswer TooLarge(int mostBytes) =>
        Of(StatusCodes.Status413PayloadTooLarge, "request_too_large", $"The body is larger than {mostBytes} bytes.");

    public static ManagementAnswer MediaType(string expected) =>
        Of(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", $"Send Content-Type: {expected}.");

    public static ManagementAnswer NotFound(string what, string name) =>
        Of(StatusCodes.Status404NotFound, MistakeCodes.NotFound, $"There is no {what} \"{name}\".");

    public static ManagementAnswer InvalidQuery(string parameter, string message) =>
        Of(StatusCodes.Status400BadRequest, MistakeCodes.InvalidValue, $"{parameter}: {message}", parameter);

    /// <summary>The first mistake decides the status; all of them are told.</summary>
    public static ManagementAnswer Of(IReadOnlyList<Mistake> mistakes)
    {
        var first = mistakes[0];
        var message =
            mistakes.Count == 1 ? Sentence(first) : $"{mistakes.Count} mistakes, the first: {Sentence(first)}";
        var param = first.Place.Path.Length > 0 ? first.Place.Path : null;
        var told = mistakes.Count > 1 || first.Place.Line > 0;
        return Of(StatusOf(first.Code), first.Code, message, param, told ? Details(mistakes) : null);
    }

    /// <summary>A document is refused as one thing: 400, whatever is wrong in it, and every mistake with its line.</summary>
    public static ManagementAnswer OfDocument(IReadOnlyList<Mistake> mistakes)
    {
        var message = $"The document has {Count(mistakes.Count)}, nothing was changed. {Located(mistakes[0])}";
        return Of(StatusCodes.Status400BadRequest, mistakes[0].Code, message, null, Details(mistakes));
    }

    private static int StatusOf(string code) =>
        code switch
        {
            MistakeCodes.PlanLimitExceeded => StatusCodes.Status403Forbidden,
            MistakeCodes.NotFound => StatusCodes.Status404NotFound,
            MistakeCodes.AlreadyExists or MistakeCodes.InUse or MistakeCodes.Conflict => StatusCodes.Status409Conflict,
            MistakeCodes.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
            _ => StatusCodes.Status400BadRequest,
        };

    private static string TypeOf(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => "authentication_error",
            StatusCodes.Status403Forbidden => "permission_error",
            StatusCodes.Status404NotFound => "not_found_error",
            StatusCodes.Status503ServiceUnavailable => "server_error",
            _ => "invalid_request_error",
        };

    private static ManagementAnswer Of(
        int status,
        string code,
        string message,
        string? param = null,
        IReadOnlyList<ErrorDetail>? details = null
    )
    {
        var body = new ErrorBody
        {
            Message = message,
            Type = TypeOf(status),
            Param = param,
            Code = code,
            Details = details,
        };
        return ManagementAnswer.Json(new ErrorEnvelope { Error = body }, ContractsJson.Default.ErrorEnvelope, status);
    }

    private static List<ErrorDetail> Details(IReadOnlyList<Mistake> mistakes) =>
        [
            .. mistakes.Select(mistake => new ErrorDetail
            {
                Line = mistake.Place.Line > 0 ? mistake.Place.Line : null,
                Column = mistake.Place.Line > 0 ? mistake.Place.Column : null,
                Message = Sentence(mistake),
            }),
        ];

    private static string Sentence(Mistake mistake) =>
        mistake.Place.Path.Length > 0 ? $"{mistake.Place.Path}: {mistake.Message}" : mistake.Message;

    private static string Located(Mistake mistake) =>
        mistake.Place.Line > 0 ? $"Line {mistake.Place.Line}: {Sentence(mistake)}" : Sentence(mistake);

    private static string Count(int mistakes) => mistakes == 1 ? "a mistake" : $"{mistakes} mistakes";
}
