// Runs named scenarios one after the other and prints one JSON line: what each returned, or what escaped it.
export const env = process.env;

export async function run(scenarios) {
  const report = {};
  for (const [name, scenario] of Object.entries(scenarios)) {
    try {
      report[name] = await scenario();
    } catch (error) {
      report[name] = { escaped: `${error?.constructor?.name}: ${error?.message}`, stack: `${error?.stack}` };
    }
  }
  console.log(JSON.stringify(report));
}

// Calls what must fail, and returns what it threw.
export async function failure(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('It succeeded.');
}

export const weather = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'integer' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
};

// A fetch that notes the status of every attempt.
export function watched(statuses) {
  return async (url, init) => {
    const answer = await fetch(url, init);
    statuses.push(answer.status);
    return answer;
  };
}
