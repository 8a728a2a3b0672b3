-- A generation under an Idempotency-Key, for all nodes. Four keys: a hash of what it is, the bytes of its answer so far,
-- the nodes that listen by the time until when, and the answers of the fleet by the time at which they are over.
-- State: open or unkept (under way), whole or lost (over, and for hours nobody else's), failed.
local function open_generation(entry)
  local known = redis.call('HMGET', entry, 'node', 'owner', 'body', 'state', 'until', 'length')
  return {
    node = known[1],
    owner = known[2],
    body = known[3],
    state = known[4],
    ends = tonumber(known[5]) or 0,
    length = tonumber(known[6]) or 0,
  }
end

local function is_under_way(generation)
  return generation.state == 'open' or generation.state == 'unkept'
end

-- Whole, but for what the server had no room for.
local function is_torn(generation, bytes)
  return generation.state == 'whole' and redis.call('STRLEN', bytes) ~= generation.length
end

local function lives(entry, bytes, listeners, micros)
  local millis = whole(math.ceil(micros / 1000))
  redis.call('PEXPIRE', entry, millis)
  redis.call('PEXPIRE', bytes, millis)
  redis.call('PEXPIRE', listeners, millis)
end

local function listen(listeners, node, now, lease)
  redis.call('ZADD', listeners, whole(now + lease), node)
  redis.call('PEXPIRE', listeners, whole(math.ceil(lease / 1000) * 2))
end

