import os

from openai import OpenAI

client = OpenAI(
    base_url=os.environ.get("PENSTOCK_URL", "http://127.0.0.1:8080") + "/v1",
    api_key=os.environ["PENSTOCK_KEY"],
)

response = client.chat.completions.with_raw_response.create(
    model=os.environ.get("PENSTOCK_MODEL", "demo"),
    messages=[{"role": "user", "content": "Say hello."}],
    stream=True,
)
for name in ("x-request-id", "x-backend", "x-model-used", "x-ratelimit-remaining"):
    print(f"{name}: {response.headers.get(name)}")

for chunk in response.parse():
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
