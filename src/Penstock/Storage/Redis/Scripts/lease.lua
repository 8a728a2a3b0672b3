-- Requests of one key ahead of need, for one node: a slice. What is in a slice fills the bucket and does not drain until
-- its node has told that it was used: so the bucket never holds less than what was granted, whenever that was. A slice
-- whose time is over was used whole, as far as anybody knows.
local key, slices = KEYS[1], KEYS[2]
local rpm, burst, owed = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
-- The node's slice: its name, what was used of it and how long ago the last, and whether the rest is kept.
local id, used, age, kept = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8] == '1'
-- Requests that wait for this answer (0 or 1), how many the slice shall hold, its share in hundredths, its time.
local needed, wanted, percent, lease = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])

local bucket = open_bucket(key)
local now = math.max(clock(ARGV[1]), bucket.at)
local second = math.floor(now / 1000000)
local window = open_window(key)
advance(window, second)

-- Requests that were granted at this moment at the latest.
local function use(amount, moment)
  drain(bucket, math.min(math.max(moment, bucket.at), now))
  bucket.level = bucket.level + amount * REQUEST
  if amount > 0 then
    add(window, math.floor(bucket.at / 1000000), amount)
  end
end

local held, own = 0, 0
local known = redis.call('HGETALL', slices)
for index = 1, #known, 2 do
  local amount, ends = string.match(known[index + 1], '^(%d+) (%d+)$')
  amount, ends = tonumber(amount), tonumber(ends)
  if ends <= now then
    redis.call('HDEL', slices, known[index])
    use(amount, ends)
  elseif known[index] == id then
    own = amount
  else
    held = held + amount
  end
end

-- Told twice, or after its time, nothing is left of it to be used.
used = math.min(used, own)
use(used, now - age)
drain(bucket, now)
own = kept and own - used or 0
if owed > 0 then
  bucket.level = bucket.level + owed * REQUEST
  add(window, second, owed)
end

-- A burst that has become smaller spills.
local room = (burst - held - own) * REQUEST
bucket.level = math.min(bucket.level, math.max(0, room))
local excess = (needed == 1 and REQUEST or 0) - (room - bucket.level)
local granted = excess <= 0
if granted and needed == 1 then
  bucket.level = bucket.level + REQUEST
  add(window, second, 1)
end

-- A share of what is free: what is left for others shrinks with every slice, and is never nothing.
local free = math.max(0, math.floor((room - bucket.level) / REQUEST))
local more = math.max(0, math.min(wanted, math.floor((free + own) * percent / 100)) - own)
more = math.min(more, free)
own = own + more
if own > 0 then
  redis.call('HSET', slices, id, whole(own) .. ' ' .. whole(now + lease))
else
  redis.call('HDEL', slices, id)
end

save_bucket(key, bucket, rpm)
save_window(window)
local ends = whole(lives(bucket.level + (held + own) * REQUEST, rpm) + math.ceil(lease / 1000))
redis.call('PEXPIRE', key, ends)
redis.call('PEXPIRE', slices, ends)

return {
  granted and 1 or 0,
  own,
  -- Whatever others hold counts; of its own slice the node knows better.
  window.sum + held,
  reset_of(window, second),
  granted and 0 or wait_for(excess, rpm),
  now,
}
