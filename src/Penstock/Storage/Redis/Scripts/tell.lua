-- What an owner has to say of its generation. Answers with how many bytes of it are here, so that nothing is added twice
-- and what was lost is sent again, and with whether another node listens; -1: it is somebody else's by now.
local entry, bytes, listeners, answers = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now, node, owner, body, lease = clock(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local state, offset, payload, total = ARGV[6], tonumber(ARGV[7]), ARGV[8], tonumber(ARGV[9])
local head, failure, keeps = ARGV[10], ARGV[11], tonumber(ARGV[12])
local most_bytes, most_keys = tonumber(ARGV[13]), tonumber(ARGV[14])

local generation = open_generation(entry)
if generation.owner and generation.owner ~= owner then
  return { -1, 0 }
end
if state == 'gone' then
  redis.call('DEL', entry, bytes, listeners)
  return { 0, 0 }
end
if generation.state == 'whole' or generation.state == 'lost' then
  -- Said before, and the word that it was heard did not come through.
  return { total, 0 }
end
if not generation.owner then
  redis.call('DEL', bytes)
  redis.call('HSET', entry, 'node', node, 'owner', owner, 'body', body, 'state', 'open')
end
if head ~= '' then
  redis.call('HSET', entry, 'head', head)
end
local length = redis.call('STRLEN', bytes)
if payload ~= '' and length == offset then
  length = redis.call('APPEND', bytes, payload)
end

local MOST_REMOVED = 100
local sizes, names = answers .. ':bytes', answers .. ':keys'

-- The oldest answers make room; their keys are still known.
local function bound_bytes()
  local sum = redis.call('INCRBY', sizes, whole(length))
  for _ = 1, MOST_REMOVED do
    local oldest = redis.call('ZRANGE', answers, 0, 0, 'WITHSCORES')
    if #oldest == 0 or (sum <= most_bytes and tonumber(oldest[2]) > now) then
      break
    end
    local size, name = string.match(oldest[1], '^(%d+) (.*)$')
    redis.call('ZREM', answers, oldest[1])
    sum = redis.call('DECRBY', sizes, size)
    if tonumber(oldest[2]) > now and open_generation(name).state == 'whole' then
      redis.call('DEL', name .. ':bytes')
      redis.call('HSET', name, 'state', 'lost')
    end
  end
end

-- The oldest keys are forgotten.
local function bound_keys()
  for _ = 1, MOST_REMOVED do
    local oldest = redis.call('ZRANGE', names, 0, 0, 'WITHSCORES')
    local is_over = #oldest > 0 and tonumber(oldest[2]) <= now
    if not is_over and redis.call('ZCARD', names) <= most_keys then
      break
    end
    redis.call('ZREM', names, oldest[1])
    local old = open_generation(oldest[1])
    if old.ends > now and not is_under_way(old) then
      redis.call('DEL', oldest[1], oldest[1] .. ':bytes')
    end
  end
end

local function keep()
  if state == 'whole' then
    redis.call('ZADD', answers, whole(now + keeps), whole(length) .. ' ' .. entry)
    bound_bytes()
  end
  redis.call('ZADD', names, whole(now + keeps), entry)
  bound_keys()
  for _, key in ipairs({ answers, sizes, names }) do
    redis.call('PEXPIRE', key, whole(math.ceil(keeps / 1000)))
  end
end

local ends = now + lease
if state == 'whole' and length == total then
  ends = now + keeps
  redis.call('HSET', entry, 'state', state, 'length', whole(length), 'until', whole(ends))
  lives(entry, bytes, listeners, keeps)
  keep()
  return { length, 0 }
end
if state == 'unkept' or state == 'lost' then
  redis.call('DEL', bytes)
  length = total
  ends = state == 'lost' and now + keeps or ends
elseif state == 'failed' then
  -- Nobody's any more; for a while those who waited can hear of it.
  redis.call('HSET', entry, 'failure', failure, 'length', whole(length))
  ends = now
else
  state = 'open'
end
redis.call('HSET', entry, 'state', state, 'until', whole(ends))
lives(entry, bytes, listeners, math.max(ends - now, lease) + lease)
if state == 'lost' then
  keep()
end
return { length, redis.call('ZCOUNT', listeners, '(' .. whole(now), '+inf') }
