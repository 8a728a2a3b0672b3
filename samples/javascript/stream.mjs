import OpenAI from "openai";

const client = new OpenAI({
  baseURL: `${process.env.PENSTOCK_URL ?? "http://127.0.0.1:8080"}/v1`,
  apiKey: process.env.PENSTOCK_KEY,
});

const { data: stream, response } = await client.chat.completions
  .create({
    model: process.env.PENSTOCK_MODEL ?? "demo",
    messages: [{ role: "user", content: "Say hello." }],
    stream: true,
  })
  .withResponse();
for (const name of ["x-request-id", "x-backend", "x-model-used", "x-ratelimit-remaining"]) {
  console.log(`${name}: ${response.headers.get(name)}`);
}

for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
}
console.log();
