-- One request of one key: the bucket takes it only if it holds no more than the burst after it, and beside it the count
-- of the minute goes up.
local key = KEYS[1]
local rpm, burst, owed = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local bucket = open_bucket(key)
-- A clock that steps back neither drains the bucket nor brings a forgotten second back.
local now = math.max(clock(ARGV[1]), bucket.at)
local second = math.floor(now / 1000000)
local window = open_window(key)
advance(window, second)

-- A burst that has become smaller spills.
local capacity = burst * REQUEST
drain(bucket, now)
bucket.level = math.min(bucket.level, capacity)
if owed > 0 then
  -- What this node has granted by itself while it could not ask.
  bucket.level = math.min(bucket.level + owed * REQUEST, capacity)
  add(window, second, owed)
end

local excess = bucket.level + REQUEST - capacity
local granted = excess <= 0
if granted then
  bucket.level = bucket.level + REQUEST
  add(window, second, 1)
end

save_bucket(key, bucket, rpm)
save_window(window)
redis.call('PEXPIRE', key, whole(lives(bucket.level, rpm)))

if granted then
  return { 1, math.max(0, rpm - window.sum), reset_of(window, second), 0 }
end
return { 0, 0, reset_of(window, second), wait_for(excess, rpm) }
