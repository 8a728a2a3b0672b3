-- A bucket of requests that drains at limit/60 a second, in microseconds, as LeakyBucket does it.
local REQUEST = 60 * 1000000

local function open_bucket(key)
  local known = redis.call('HMGET', key, 'level', 'at', 'rpm')
  return { level = tonumber(known[1]) or 0, at = tonumber(known[2]) or 0, drain = tonumber(known[3]) or 1 }
end

-- Up to a request it drained as the limit was at the one before.
local function drain(bucket, moment)
  bucket.level = math.max(0, bucket.level - (moment - bucket.at) * bucket.drain)
  bucket.at = moment
end

-- Milliseconds until the bucket and the count of the minute bear on nothing.
local function lives(level, rpm)
  return math.max((SECONDS + 2) * 1000, math.ceil(level / rpm / 1000) + 1000)
end

local function save_bucket(key, bucket, rpm)
  redis.call('HSET', key, 'level', whole(bucket.level), 'at', whole(bucket.at), 'rpm', whole(rpm))
end

-- The second at which the whole budget is back.
local function reset_of(window, second)
  return window.sum == 0 and second or window.last + SECONDS + 1
end

local function wait_for(excess, rpm)
  return math.max(1, math.ceil(math.ceil(excess / rpm) / 1000000))
end
