import OpenAI from 'openai';
import { env, failure, run } from './scenarios.mjs';

const client = new OpenAI({ baseURL: env.BASE_URL, apiKey: env.API_KEY, maxRetries: 0 });
const messages = [{ role: 'user', content: 'hi' }];

async function ask(model, stream) {
  const answer = await client.chat.completions.create({ model, messages, stream });
  if (stream) {
    for await (const _ of answer);
  }
}

// One scenario for each engine's error: the model's name is the error's.
const scenario = (name, stream) => async () => {
  const thrown = await failure(() => ask(name, stream));
  return {
    class: thrown.constructor.name,
    status: thrown.status ?? null,
    code: thrown.code ?? null,
    type: thrown.type ?? null,
    request_id: thrown.requestID ?? null,
    message: thrown.message,
  };
};

const scenarios = {};
for (const { name, stream } of JSON.parse(env.ERRORS)) {
  scenarios[name] = scenario(name, stream);
}
await run(scenarios);
