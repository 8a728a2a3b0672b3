-- The requests of one account that still run on one node. A lease that is not there any more (the server came back
-- empty, or nobody could renew it in time) is there again: its request goes on.
local now, lease = clock(ARGV[1]), tonumber(ARGV[2])
local account = open_account(KEYS[1], KEYS[2], KEYS[3], now)
for index = 3, #ARGV, 2 do
  if redis.call('ZSCORE', account.leases, ARGV[index]) then
    redis.call('ZADD', account.leases, whole(now + lease), ARGV[index])
  else
    add_lease(account, ARGV[index], read_hold(ARGV[index + 1]), lease)
  end
end
keep_leases(account, lease)
save_account(account)
return 1
