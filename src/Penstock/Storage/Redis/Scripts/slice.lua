-- Tokens and money of one account ahead of need, for one node: a slice, which is a lease like that of a request. With it
-- the node tells what was used out of it. All but that is said as it stands, so that it may be said again.
local now, number, lives = clock(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
-- Told once: what was used, tokens of requests that began since, and the word by which the sums are known.
local tokens, cost, begun, told_in = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local id, lease, percent = ARGV[8], tonumber(ARGV[9]), tonumber(ARGV[10])
-- Said each time: what the slice still stands for, of it what is not yet granted, and tokens that are not told as begun.
local held_tokens, held_cost = tonumber(ARGV[11]), tonumber(ARGV[12])
local left_tokens, left_cost, untold = tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])
-- What it shall have ungranted, and how little is of no use.
local wanted_tokens, wanted_cost = tonumber(ARGV[16]), tonumber(ARGV[17])
local least_tokens, least_cost = tonumber(ARGV[18]), tonumber(ARGV[19])
local limits = limits_from(20)

local account = open_account(KEYS[1], KEYS[2], KEYS[3], now)
local epoch = redis.call('GET', KEYS[5]) or ''
local before = drop_lease(account, id)
if before then
  add(account.window, before[1], -before[2])
end

local is_new = (tonumber(redis.call('GET', KEYS[4])) or 0) < number
if is_new then
  redis.call('SET', KEYS[4], whole(number), 'PX', lives)
  add(account.window, account.second, begun)
  for index = 27, #ARGV, 2 do
    -- In the second in which they were told as begun.
    add(account.window, tonumber(ARGV[index]), tonumber(ARGV[index + 1]))
  end
  if epoch == '' or told_in == '' or told_in == epoch then
    count(account, tokens, cost)
  end
end

-- A share of what is free by each limit.
local function share(limit, used, held, left, most)
  if not limit then
    return most
  end
  return math.min(most, math.floor(math.max(0, limit - used - held + left) * percent / 100))
end

local minute_held = left_tokens + untold
local fit = share(limits.minute, account.window.sum, minute_held, left_tokens, wanted_tokens)
fit = share(limits.day, account.day_tokens + account.day_reserved, held_tokens, left_tokens, fit)
fit = share(limits.month, account.month_tokens + account.month_reserved, held_tokens, left_tokens, fit)
local fit_cost = share(limits.day_cost, account.day_cost + account.day_reserved_cost, held_cost, left_cost, wanted_cost)
fit_cost = share(limits.month_cost, account.month_cost + account.month_reserved_cost, held_cost, left_cost, fit_cost)
fit_cost = share(limits.credited, account.spent + account.credit_reserved, held_cost, left_cost, fit_cost)
local is_of_use = fit >= least_tokens and fit_cost >= least_cost
local more = is_of_use and math.max(0, fit - left_tokens) or 0
local more_cost = is_of_use and math.max(0, fit_cost - left_cost) or 0

local all, all_cost = held_tokens + more, held_cost + more_cost
local minute = limits.minute and minute_held + more or 0
if all > 0 or all_cost > 0 or minute > 0 then
  add_lease(account, id, {
    account.second, minute, account.day, all, all_cost, account.month, all, all_cost, all_cost, OF_SLICE,
  }, lease)
  add(account.window, account.second, minute)
  keep_leases(account, lease)
end
save_account(account)

local reply = { is_new and 1 or 0, whole(more), whole(more_cost), epoch, account.second }
tell(reply, account)
return reply
