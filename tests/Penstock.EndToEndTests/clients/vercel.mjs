import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, jsonSchema, Output, RetryError, stepCountIs, streamText, tool } from 'ai';
import { env, failure, run, watched, weather } from './scenarios.mjs';

const provider = (more = {}) =>
  createOpenAICompatible({
    name: 'penstock',
    baseURL: env.BASE_URL,
    apiKey: env.API_KEY,
    supportsStructuredOutputs: true,
    includeUsage: true,
    ...more,
  });
const model = provider()(env.MODEL);
const ask = (prompt, more = {}) => generateText({ model, prompt, maxRetries: 0, ...more });

async function error(call) {
  let thrown = await failure(call);
  if (RetryError.isInstance(thrown)) thrown = thrown.lastError;
  const body = thrown.responseBody ? JSON.parse(thrown.responseBody).error : {};
  return {
    is_api_call_error: APICallError.isInstance(thrown),
    status: thrown.statusCode ?? null,
    message_is_ours: thrown.message === body.message,
    code: body.code ?? null,
    request_id: thrown.responseHeaders?.['x-request-id'] ?? null,
    message: thrown.message,
  };
}

await run({
  async minimal() {
    const { text, finishReason, usage, response } = await ask('Say hello.');
    return { text, finish: finishReason, tokens: usage.outputTokens, request_id: response.headers['x-request-id'] };
  },

  async streaming() {
    const result = streamText({ model, prompt: 'Say hello.', maxRetries: 0 });
    let text = '';
    for await (const delta of result.textStream) text += delta;
    const usage = await result.usage;
    return { text, finish: await result.finishReason, tokens: usage.outputTokens };
  },

  async abort() {
    const controller = new AbortController();
    let aborted = false;
    const result = streamText({
      model,
      prompt: '[[sim tokens=400 itl=1s]]',
      maxRetries: 0,
      abortSignal: controller.signal,
      onAbort: () => {
        aborted = true;
      },
    });
    for await (const part of result.fullStream) {
      if (part.type === 'text-delta') controller.abort();
      if (part.type === 'abort') aborted = true;
    }
    return { aborted };
  },

  async tools() {
    const called = [];
    const result = await ask('What is the weather in Oslo?', {
      tools: {
        weather: tool({
          description: 'The weather of a city.',
          inputSchema: jsonSchema(weather),
          execute: async (input) => {
            called.push(input);
            return 'Three degrees, rain.';
          },
        }),
      },
      // The first step must call, the second answers.
      prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? 'required' : 'none' }),
      stopWhen: stepCountIs(2),
    });
    return { calls: called.length, city: typeof called[0]?.city, steps: result.steps.length, text: result.text };
  },

  async structured() {
    const result = await ask('Oslo?', { output: Output.object({ schema: jsonSchema(weather) }) });
    return { city: typeof result.output.city, degrees_is_integer: Number.isInteger(result.output.degrees) };
  },

  async any_object() {
    const result = await ask('JSON.', { output: Output.json() });
    return { type: typeof result.output };
  },

  async stop() {
    const { text: whole } = await ask('Hello.', { seed: 7 });
    const word = whole.split(' ').filter(Boolean)[3];
    const { text: cut } = await ask('Hello.', { seed: 7, stopSequences: [word] });
    return { whole, cut, cut_there: cut === whole.slice(0, whole.indexOf(word)) };
  },

  async seed() {
    const first = (await ask('Tell me something.', { seed: 42 })).text;
    const second = (await ask('Tell me something.', { seed: 42 })).text;
    const other = (await ask('Tell me something.', { seed: 43 })).text;
    return { same: first === second, other_differs: first !== other };
  },

  async slashed_model() {
    return { text: (await ask('Hello.', { model: provider()(env.SLASHED_MODEL) })).text };
  },

  wrong_key: () => error(() => ask('x', { model: provider({ apiKey: 'sk-not-a-key-of-this-gateway' })(env.MODEL) })),
  not_allowed: () => error(() => ask('x', { model: provider({ apiKey: env.SCOPED_KEY })(env.MODEL) })),
  unknown_model: () => error(() => ask('x', { model: provider()('no-such-model') })),
  out_of_range: () => error(() => ask('x', { temperature: 3 })),
  engine_limited: () => error(() => ask('[[sim status=429]]')),
  engine_failed: () => error(() => ask('[[sim status=500]]', { model: provider()(env.FAILING_MODEL) })),
  down: () => error(() => ask('x', { model: provider()(env.DOWN_MODEL) })),
  nobody_there: () => error(() => ask('x', { model: provider({ baseURL: env.DEAD_URL })(env.MODEL) })),

  async cut_stream() {
    const result = streamText({ model, prompt: '[[sim cut=5]]', maxRetries: 0, onError: () => {} });
    let heard = '';
    let failed = null;
    for await (const part of result.fullStream) {
      if (part.type === 'text-delta') heard += part.text;
      if (part.type === 'error') failed = `${part.error?.message ?? part.error}`;
    }
    return { heard: heard.length > 0, failed };
  },

  async retry() {
    const statuses = [];
    const patient = provider({ apiKey: env.SLOW_KEY, fetch: watched(statuses) })(env.MODEL);
    await ask('one', { model: patient });
    statuses.length = 0;
    await ask('two', { model: patient, maxRetries: 2 });
    return { statuses };
  },

  async over_limit() {
    // The bucket of this key was just filled by the scenario before.
    return error(() => ask('three', { model: provider({ apiKey: env.SLOW_KEY })(env.MODEL) }));
  },
});
