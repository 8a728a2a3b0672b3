-- The requests of one account that have ended on one node, as a batch with a number: one that comes again changes
-- nothing. What a request used takes the place of what was reserved for it.
-- The epoch is a new one each time that the server came back empty and was given the ledger's sums. What a node has to
-- tell from an earlier one is in those sums already.
local now, number, lives = clock(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local tokens, cost, alone, told_in = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local epoch = redis.call('GET', KEYS[5]) or ''
if (tonumber(redis.call('GET', KEYS[4])) or 0) >= number then
  return epoch
end
redis.call('SET', KEYS[4], whole(number), 'PX', lives)

local account = open_account(KEYS[1], KEYS[2], KEYS[3], now)
for index = 8, #ARGV, 2 do
  local hold = drop_lease(account, ARGV[index])
  if hold then
    -- In the second of the grant: what was not used is free again at once.
    add(account.window, hold[1], tonumber(ARGV[index + 1]) - hold[2])
  end
end
-- What the node has granted by itself in the last minute.
add(account.window, account.second, alone)
if epoch == '' or told_in == '' or told_in == epoch then
  count(account, tokens, cost)
end
save_account(account)
return epoch
