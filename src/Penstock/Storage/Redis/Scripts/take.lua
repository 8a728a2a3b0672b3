-- One request of one key: a bucket that drains at limit/60 a second and takes a request only if it holds no more than
-- the burst after it, and beside it the count of the minute. As LeakyBucket and KeyHistory do it, in microseconds.
local key = KEYS[1]
local rpm, burst, owed = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local REQUEST = 60 * 1000000

local known = redis.call('HMGET', key, 'level', 'at', 'rpm')
local level, at, drain = tonumber(known[1]) or 0, tonumber(known[2]) or 0, tonumber(known[3]) or 1
-- A clock that steps back neither drains the bucket nor brings a forgotten second back.
local now = math.max(clock(ARGV[1]), at)
local second = math.floor(now / 1000000)
local window = open_window(key)
advance(window, second)

-- Up to this request it drained as the limit then was; one that has become smaller spills.
local capacity = burst * REQUEST
level = math.min(math.max(0, level - (now - at) * drain), capacity)
if owed > 0 then
  -- What this node has granted by itself while it could not ask.
  level = math.min(level + owed * REQUEST, capacity)
  add(window, second, owed)
end

local excess = level + REQUEST - capacity
local granted = excess <= 0
if granted then
  level = level + REQUEST
  add(window, second, 1)
end

redis.call('HSET', key, 'level', whole(level), 'at', whole(now), 'rpm', whole(rpm))
save_window(window)
redis.call('PEXPIRE', key, whole(math.max((SECONDS + 2) * 1000, math.ceil(level / rpm / 1000) + 1000)))

local reset = window.sum == 0 and second or window.last + SECONDS + 1
if granted then
  return { 1, math.max(0, rpm - window.sum), reset, 0 }
end
return { 0, 0, reset, math.max(1, math.ceil(math.ceil(excess / rpm) / 1000000)) }
