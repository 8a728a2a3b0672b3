namespace Penstock.Simulator.Dialects.Reading;

/// <summary>What pydantic and FastAPI write of a body that does not fit its model.</summary>
internal static class Pydantic
{
    public static string Malformed(long position) =>
        One(
            $"{{'type': 'json_invalid', 'loc': ('body', {position}), 'msg': 'JSON decode error', 'input': {{}}, 'ctx': {{'error': 'Expecting value'}}}}"
        );

    public static string Mistake(TypeMistake mistake) =>
        One(
            $"{{'type': '{mistake.Code}', 'loc': ({mistake.Location}), 'msg': '{mistake.Words}', 'input': {mistake.ShownInput}}}"
        );

    public static string NotAnObject { get; } =
        One(
            "{'type': 'model_attributes_type', 'loc': ('body',), 'msg': 'Input should be a valid dictionary or object to extract fields from'}"
        );

    public static string Value(string message) =>
        One($"{{'type': 'value_error', 'loc': ('body',), 'msg': \"Value error, {message}\"}}");

    public static string Forbidden(string field) =>
        One($"{{'type': 'extra_forbidden', 'loc': ('body', '{field}'), 'msg': 'Extra inputs are not permitted'}}");

    private static string One(string error) => $"1 validation error:\n  {error}";
}
