-- What one key or workspace has used and has been granted, as Account keeps it in one process. Three keys: a hash of
-- sums, the leases by the time at which they end, and what each of them holds.
local ACCOUNT_LIVES = 400 * DAY * 1000
local MOST_EXPIRED = 100

local FIELDS = { 'day', 'day_tokens', 'day_cost', 'day_reserved', 'day_reserved_cost', 'month', 'month_tokens',
  'month_cost', 'month_reserved', 'month_reserved_cost', 'spent', 'credit_reserved' }

-- A hold is a line of numbers: second, minute, day, tokens, cost, month, tokens, cost, credit; and a tenth if it is a
-- slice, out of which its node may have granted until now.
local OF_SLICE = 1
local function read_hold(text)
  local hold = {}
  for number in string.gmatch(text, '%S+') do
    hold[#hold + 1] = tonumber(number)
  end
  return hold
end

local function write_hold(hold)
  local numbers = {}
  for index, number in ipairs(hold) do
    numbers[index] = whole(number)
  end
  return table.concat(numbers, ' ')
end

-- Adds a hold to what is reserved, or takes it away; of a day or month that is over, nothing.
local function reserve(account, hold, sign)
  if hold[3] == account.day then
    account.day_reserved = account.day_reserved + sign * hold[4]
    account.day_reserved_cost = account.day_reserved_cost + sign * hold[5]
  end
  if hold[6] == account.month then
    account.month_reserved = account.month_reserved + sign * hold[7]
    account.month_reserved_cost = account.month_reserved_cost + sign * hold[8]
  end
  account.credit_reserved = account.credit_reserved + sign * hold[9]
end

local function drop_lease(account, id)
  local text = redis.call('HGET', account.holds, id)
  redis.call('ZREM', account.leases, id)
  if not text then
    return nil
  end
  redis.call('HDEL', account.holds, id)
  local hold = read_hold(text)
  reserve(account, hold, -1)
  return hold
end

-- Opens the account of this moment: days and months begin anew, leases that nobody renewed are over.
local function open_account(key, leases, holds, now)
  local account = { key = key, leases = leases, holds = holds, now = now }
  local known = redis.call('HMGET', key, unpack(FIELDS))
  for index, name in ipairs(FIELDS) do
    account[name] = tonumber(known[index]) or 0
  end
  account.window = open_window(key)
  -- A clock that steps back brings nothing back.
  account.second = math.max(math.floor(now / 1000000), account.window.second)
  advance(account.window, account.second)
  local today = math.floor(account.second / DAY)
  local month = month_of(today)
  if today > account.day then
    account.day, account.day_tokens, account.day_cost = today, 0, 0
    account.day_reserved, account.day_reserved_cost = 0, 0
  end
  if month > account.month then
    account.month, account.month_tokens, account.month_cost = month, 0, 0
    account.month_reserved, account.month_reserved_cost = 0, 0
  end
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', whole(now), 'LIMIT', 0, MOST_EXPIRED)) do
    local hold = drop_lease(account, id)
    if hold and hold[10] == OF_SLICE then
      add(account.window, hold[1], -hold[2])
      add(account.window, account.second, hold[2])
    end
  end
  account.running = redis.call('ZCOUNT', leases, '(' .. whole(now), '+inf')
  return account
end

local function add_lease(account, id, hold, lease)
  redis.call('ZADD', account.leases, whole(account.now + lease), id)
  redis.call('HSET', account.holds, id, write_hold(hold))
  reserve(account, hold, 1)
end

local function keep_leases(account, lease)
  local lives = whole(math.ceil(lease / 1000) * 2)
  redis.call('PEXPIRE', account.leases, lives)
  redis.call('PEXPIRE', account.holds, lives)
end

local function count(account, tokens, cost)
  account.day_tokens = account.day_tokens + tokens
  account.day_cost = account.day_cost + cost
  account.month_tokens = account.month_tokens + tokens
  account.month_cost = account.month_cost + cost
  account.spent = account.spent + cost
end

local function save_account(account)
  local fields = {}
  for _, name in ipairs(FIELDS) do
    fields[#fields + 1] = name
    fields[#fields + 1] = whole(account[name])
  end
  redis.call('HSET', account.key, unpack(fields))
  save_window(account.window)
  redis.call('PEXPIRE', account.key, whole(ACCOUNT_LIVES))
end

-- What a node remembers of an account, as HolderStanding.
local function tell(reply, account)
  for _, number in ipairs({
    account.window.sum,
    account.day,
    account.day_tokens + account.day_reserved,
    account.day_cost + account.day_reserved_cost,
    account.month,
    account.month_tokens + account.month_reserved,
    account.month_cost + account.month_reserved_cost,
    account.spent + account.credit_reserved,
  }) do
    reply[#reply + 1] = whole(number)
  end
end

local function limits_from(first)
  return {
    minute = tonumber(ARGV[first]),
    concurrent = tonumber(ARGV[first + 1]),
    day = tonumber(ARGV[first + 2]),
    month = tonumber(ARGV[first + 3]),
    day_cost = tonumber(ARGV[first + 4]),
    month_cost = tonumber(ARGV[first + 5]),
    credited = tonumber(ARGV[first + 6]),
  }
end
