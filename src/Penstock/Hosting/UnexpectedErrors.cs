using Penstock.Inference;

namespace Penstock.Hosting;

/// <summary>A bug behind any other endpoint than the corridor's: told in the same envelope, with the details in the log.</summary>
internal static partial class UnexpectedErrors
{
    public static void UseUnexpectedErrors(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(UnexpectedErrors));
        app.Use(
            async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                catch (Exception e)
                    when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
                {
                    Bug(logger, e, context.Request.Method, context.Request.Path);
                    await ErrorResponse.WriteAsync(
                        context,
                        new InferenceRefusal(
                            InferenceEnding.InternalError,
                            "Something went wrong inside the gateway. Its log has the details."
                        )
                    );
                }
            }
        );
    }

    [LoggerMessage(1100, LogLevel.Error, "A bug of the gateway ended {method} {path}")]
    private static partial void Bug(ILogger logger, Exception exception, string method, string path);
}
