-- Amounts of the last 60 seconds, in 61 counters of one second that stand as fields in a hash. The second that is 60
-- seconds old counts whole, so that nothing is forgotten early.
local SECONDS = 60

local function slot(second)
  return 'n' .. (second % (SECONDS + 1))
end

local function open_window(key)
  local known = redis.call('HMGET', key, 'sum', 'second', 'last')
  return {
    key = key,
    sum = tonumber(known[1]) or 0,
    second = tonumber(known[2]) or 0,
    last = tonumber(known[3]) or 0,
    slots = {},
  }
end

local function amount_at(window, second)
  local name = slot(second)
  return window.slots[name] or tonumber(redis.call('HGET', window.key, name)) or 0
end

-- Forgets what is too old at this second; a second in the past changes nothing.
local function advance(window, second)
  if window.sum == 0 and second - window.second > SECONDS then
    window.second = second
  end
  local steps = math.min(second - window.second, SECONDS + 1)
  for step = 1, steps do
    local aged = window.second + step
    window.sum = window.sum - amount_at(window, aged)
    window.slots[slot(aged)] = 0
  end
  window.second = math.max(window.second, second)
end

local function add(window, second, amount)
  if second > window.second - SECONDS - 1 then
    window.slots[slot(second)] = amount_at(window, second) + amount
    window.sum = window.sum + amount
    window.last = math.max(window.last, second)
  end
end

-- Whole seconds until the sum is at most so much.
local function seconds_until(window, most)
  local left, wait = window.sum, 0
  while left > most and wait <= SECONDS do
    wait = wait + 1
    left = left - amount_at(window, window.second + wait)
  end
  return math.max(1, wait)
end

local function save_window(window)
  local fields = { 'sum', whole(window.sum), 'second', whole(window.second), 'last', whole(window.last) }
  for name, amount in pairs(window.slots) do
    fields[#fields + 1] = name
    fields[#fields + 1] = whole(amount)
  end
  redis.call('HSET', window.key, unpack(fields))
end

