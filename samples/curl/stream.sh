#!/bin/sh
# --include shows the headers, --no-buffer each event when it comes.
exec curl --silent --show-error --include --no-buffer \
  "${PENSTOCK_URL:-http://127.0.0.1:8080}/v1/chat/completions" \
  -H "Authorization: Bearer ${PENSTOCK_KEY:?set it to an API key}" \
  -H "Content-Type: application/json" \
  -d '{
    "model": "'"${PENSTOCK_MODEL:-demo}"'",
    "stream": true,
    "messages": [{"role": "user", "content": "Say hello."}]
  }'
