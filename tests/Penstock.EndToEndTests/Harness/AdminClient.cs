using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>The management API over plain HTTP, so that its wire names are part of what is tested.</summary>
internal sealed class AdminClient(HttpClient http, string token)
{
    public async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, "/admin/v1/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new Answer((int)response.StatusCode, response.Headers, response.Content.Headers, bytes);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<JsonObject> CreateAsync(string resource, JsonObject body)
    {
        var answer = await SendAsync(HttpMethod.Post, resource, body);
        Assert.True(answer.Status is 200 or 201, $"POST {resource} {body.ToJsonString()}:\n{answer}");
        return answer.Json;
    }

    /// <summary>Every row of a list, page after page.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string resource)
    {
        var rows = new List<JsonObject>();
        string? cursor = null;
        do
        {
            var page = (await GetAsync($"{resource}?limit=500{(cursor is null ? "" : "&cursor=" + cursor)}"))
                .Expect(200)
                .Json;
            rows.AddRange(page["data"]!.AsArray().Select(row => row!.AsObject()));
            cursor = page["next_cursor"]?.GetValue<string>();
        } while (cursor is not null);

        return rows;
    }
}
