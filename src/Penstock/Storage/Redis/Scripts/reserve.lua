-- What a request may come to, of its key and of its workspace: both, or nothing. As Account.Judge does it.
-- The numbers of the kinds are those of AllowanceKind.
local now, lease, id = clock(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local tokens, cost = tonumber(ARGV[4]), tonumber(ARGV[5])

-- Whether a claim fits beside what is used and reserved. One that is larger than what is left takes all of it, if
-- nobody else is at it.
local function fits(limit, used, reserved, asked)
  if not limit then
    return true, asked
  end
  local left = limit - used - reserved
  local held = asked
  if asked > left and reserved == 0 then
    held = left
  end
  return left > 0 and held <= left, held
end

local function over(kind, limit, used, seconds_left)
  return { kind, limit, used < limit and 1 or seconds_left }
end

local function judge(account, limits)
  if limits.concurrent and account.running >= limits.concurrent then
    return { 2, limits.concurrent, 1 }
  end
  -- A request that is larger than the whole limit takes all of it: refused, it could never pass.
  local minute = math.min(tokens, limits.minute or 0)
  if limits.minute and account.window.sum + minute > limits.minute then
    return { 1, limits.minute, seconds_until(account.window, limits.minute - minute) }
  end
  local second = now / 1000000
  local day_left = math.max(1, math.ceil((account.day + 1) * DAY - second))
  local month_left = math.max(1, math.ceil(first_of(account.month + 1) * DAY - second))
  local fit, day, month, day_cost, month_cost, credit
  fit, day = fits(limits.day, account.day_tokens, account.day_reserved, tokens)
  if not fit then
    return over(3, limits.day, account.day_tokens, day_left)
  end
  fit, month = fits(limits.month, account.month_tokens, account.month_reserved, tokens)
  if not fit then
    return over(4, limits.month, account.month_tokens, month_left)
  end
  fit, day_cost = fits(limits.day_cost, account.day_cost, account.day_reserved_cost, cost)
  if not fit then
    return over(5, limits.day_cost, account.day_cost, day_left)
  end
  fit, month_cost = fits(limits.month_cost, account.month_cost, account.month_reserved_cost, cost)
  if not fit then
    return over(6, limits.month_cost, account.month_cost, month_left)
  end
  fit, credit = fits(limits.credited, account.spent, account.credit_reserved, cost)
  if not fit then
    return { 7, limits.credited, 1 }
  end
  account.hold = { account.second, minute, account.day, day, day_cost, account.month, month, month_cost, credit }
  return nil
end

local of_key = open_account(KEYS[1], KEYS[2], KEYS[3], now)
local of_workspace = open_account(KEYS[4], KEYS[5], KEYS[6], now)
local whose, refusal = 0, judge(of_key, limits_from(6))
if not refusal then
  whose, refusal = 1, judge(of_workspace, limits_from(13))
end

local holds = { '', '' }
if not refusal then
  for index, account in ipairs({ of_key, of_workspace }) do
    add_lease(account, id, account.hold, lease)
    keep_leases(account, lease)
    add(account.window, account.second, account.hold[2])
    holds[index] = write_hold(account.hold)
  end
end
save_account(of_key)
save_account(of_workspace)

local kind, limit, wait = 0, 0, 0
if refusal then
  kind, limit, wait = refusal[1], refusal[2], refusal[3]
end
local reply = { kind, whose, whole(limit), wait, holds[1], holds[2] }
tell(reply, of_key)
tell(reply, of_workspace)
return reply
