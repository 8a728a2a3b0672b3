import OpenAI from 'openai';
import { env, failure, run, watched, weather } from './scenarios.mjs';

const client = new OpenAI({ baseURL: env.BASE_URL, apiKey: env.API_KEY, maxRetries: 0 });
const impatient = (options) => new OpenAI({ baseURL: env.BASE_URL, apiKey: env.API_KEY, maxRetries: 0, ...options });
const user = (content) => [{ role: 'user', content }];
const ask = (content, more = {}, using = client) =>
  using.chat.completions.create({ model: env.MODEL, messages: user(content), ...more });
const text = (completion) => completion.choices[0].message.content;
const tools = [{ type: 'function', function: { name: 'weather', parameters: weather } }];

async function error(call) {
  const thrown = await failure(call);
  return {
    class: thrown.constructor.name,
    status: thrown.status,
    code: thrown.code,
    type: thrown.type,
    param: thrown.param,
    request_id: thrown.requestID,
    message: thrown.message,
  };
}

async function collect(stream) {
  const choices = [];
  let usage = null;
  let sawUsage = false;
  for await (const chunk of stream) {
    sawUsage ||= 'usage' in chunk;
    usage = chunk.usage ?? usage;
    for (const choice of chunk.choices) {
      const into = (choices[choice.index] ??= { index: choice.index, text: '', finish: null, name: '', arguments: '' });
      into.text += choice.delta.content ?? '';
      into.finish = choice.finish_reason ?? into.finish;
      for (const call of choice.delta.tool_calls ?? []) {
        into.name += call.function?.name ?? '';
        into.arguments += call.function?.arguments ?? '';
      }
    }
  }
  return { choices, usage, sawUsage };
}

await run({
  async minimal() {
    const completion = await ask('Say hello.');
    return {
      text: text(completion),
      finish: completion.choices[0].finish_reason,
      request_id: completion._request_id,
      usage: completion.usage,
    };
  },

  async streaming() {
    const { choices, sawUsage } = await collect(await ask('Say hello.', { stream: true }));
    return { ...choices[0], saw_usage: sawUsage };
  },

  async streaming_with_usage() {
    const stream = await ask('Say hello.', { stream: true, stream_options: { include_usage: true } });
    return { usage: (await collect(stream)).usage };
  },

  async abort() {
    const controller = new AbortController();
    const stream = await client.chat.completions.create(
      { model: env.MODEL, messages: user('[[sim tokens=400 itl=1s]]'), stream: true },
      { signal: controller.signal },
    );
    let chunks = 0;
    try {
      for await (const _ of stream) {
        chunks++;
        controller.abort();
      }
    } catch (thrown) {
      return { chunks, ended: thrown.constructor.name };
    }
    // The library ends an aborted iteration without a word.
    return { chunks, ended: 'APIUserAbortError' };
  },

  async tools() {
    const messages = user('What is the weather in Oslo?');
    const asked = await client.chat.completions.create({ model: env.MODEL, messages, tools, tool_choice: 'required' });
    const call = asked.choices[0].message.tool_calls[0];
    messages.push(asked.choices[0].message, { role: 'tool', tool_call_id: call.id, content: 'Three degrees, rain.' });
    const answered = await client.chat.completions.create({ model: env.MODEL, messages, tools });
    return {
      name: call.function.name,
      arguments: typeof JSON.parse(call.function.arguments),
      answered: Boolean(text(answered) || answered.choices[0].message.tool_calls?.length),
    };
  },

  async streamed_tools() {
    const named = { type: 'function', function: { name: 'weather' } };
    const { choices } = await collect(await ask('The weather?', { stream: true, tools, tool_choice: named }));
    return { name: choices[0].name, arguments: typeof JSON.parse(choices[0].arguments) };
  },

  async json_object() {
    return { type: typeof JSON.parse(text(await ask('JSON.', { response_format: { type: 'json_object' } }))) };
  },

  async json_schema() {
    const response_format = { type: 'json_schema', json_schema: { name: 'weather', schema: weather, strict: true } };
    const answer = JSON.parse(text(await ask('Oslo?', { response_format })));
    return { city: typeof answer.city, degrees_is_integer: Number.isInteger(answer.degrees) };
  },

  async logprobs() {
    const completion = await ask('Hello.', { logprobs: true, top_logprobs: 4 });
    const entries = completion.choices[0].logprobs.content;
    return {
      tokens: completion.usage.completion_tokens,
      entries: entries.length,
      top: Math.min(...entries.map((entry) => entry.top_logprobs.length)),
    };
  },

  async two_choices() {
    const { choices } = await ask('Hello.', { n: 2 });
    return {
      indexes: choices.map((choice) => choice.index),
      all_finished: choices.every((choice) => choice.finish_reason),
      all_said_something: choices.every((choice) => choice.message.content),
    };
  },

  async two_streamed_choices() {
    const { choices } = await collect(await ask('Hello.', { n: 2, stream: true }));
    return {
      indexes: choices.map((choice) => choice.index),
      all_finished: choices.every((choice) => choice.finish),
      all_said_something: choices.every((choice) => choice.text),
    };
  },

  async stop() {
    const whole = text(await ask('Hello.', { seed: 7 }));
    const word = whole.split(' ').filter(Boolean)[3];
    const cut = text(await ask('Hello.', { seed: 7, stop: [word] }));
    return { whole, cut, cut_there: cut === whole.slice(0, whole.indexOf(word)) };
  },

  async idempotency() {
    const options = { headers: { 'Idempotency-Key': crypto.randomUUID() } };
    const create = (content, more) =>
      client.chat.completions
        .create({ model: env.MODEL, messages: user(content), ...more }, options)
        .withResponse();
    const replayed = ({ response }) => response.headers.get('Idempotency-Replayed');
    const first = await create('Hello.');
    const twins = await Promise.all([create('Hello.'), create('Hello.')]);
    const reused = await error(() => create('Something else.'));
    options.headers['Idempotency-Key'] = crypto.randomUUID();
    const streams = await Promise.all([create('Hello.', { stream: true }), create('Hello.', { stream: true })]);
    const heard = await Promise.all(streams.map(({ data }) => collect(data)));
    return {
      replayed: [replayed(first), ...twins.map(replayed)],
      same: twins.every(({ data }) => data.id === first.data.id && text(data) === text(first.data)),
      streams_replayed: streams.map(replayed).filter(Boolean).length,
      same_stream: heard[0].choices[0].text === heard[1].choices[0].text,
      reused: { status: reused.status, code: reused.code },
    };
  },

  async seed() {
    const first = text(await ask('Tell me something.', { seed: 42 }));
    const second = text(await ask('Tell me something.', { seed: 42 }));
    const other = text(await ask('Tell me something.', { seed: 43 }));
    return { same: first === second, other_differs: first !== other };
  },

  async models() {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    return {
      listed: ids.includes(env.MODEL) && ids.includes(env.SLASHED_MODEL),
      one: (await client.models.retrieve(env.MODEL)).id,
      slashed: (await client.models.retrieve(env.SLASHED_MODEL)).id,
    };
  },

  wrong_key: () => error(() => ask('x', {}, impatient({ apiKey: 'sk-not-a-key-of-this-gateway' }))),
  not_allowed: () => error(() => ask('x', {}, impatient({ apiKey: env.SCOPED_KEY }))),
  unknown_model: () => error(() => ask('x', { model: 'no-such-model' })),
  out_of_range: () => error(() => ask('x', { temperature: 3 })),
  too_long: () => error(() => ask('word '.repeat(200_000))),
  engine_limited: () => error(() => ask('[[sim status=429]]')),
  engine_failed: () => error(() => ask('[[sim status=500]]', { model: env.FAILING_MODEL })),
  down: () => error(() => ask('x', { model: env.DOWN_MODEL })),
  nobody_there: () => error(() => ask('x', {}, impatient({ baseURL: env.DEAD_URL }))),

  async cut_stream() {
    let heard = '';
    const thrown = await error(async () => {
      for await (const chunk of await ask('[[sim cut=5]]', { stream: true })) {
        heard += chunk.choices[0]?.delta?.content ?? '';
      }
    });
    return { ...thrown, heard: heard.length > 0 };
  },

  async retry() {
    const statuses = [];
    const patient = impatient({ apiKey: env.SLOW_KEY, maxRetries: 2, fetch: watched(statuses) });
    await ask('one', {}, patient);
    statuses.length = 0;
    await ask('two', {}, patient);
    return { statuses };
  },

  async over_limit() {
    // The bucket of this key was just filled by the scenario before.
    return error(() => ask('three', {}, impatient({ apiKey: env.SLOW_KEY })));
  },
});
