-- What the ledger says that an account has used. The larger number is right: the ledger lags behind, or this server has
-- come back empty. So any number of nodes may say it, at any time, and nothing is added twice.
local account = open_account(KEYS[1], KEYS[2], KEYS[3], clock(ARGV[1]))
if tonumber(ARGV[2]) == account.day then
  account.day_tokens = math.max(account.day_tokens, tonumber(ARGV[3]))
  account.day_cost = math.max(account.day_cost, tonumber(ARGV[4]))
end
if tonumber(ARGV[5]) == account.month then
  account.month_tokens = math.max(account.month_tokens, tonumber(ARGV[6]))
  account.month_cost = math.max(account.month_cost, tonumber(ARGV[7]))
end
account.spent = math.max(account.spent, tonumber(ARGV[8]))
save_account(account)
return 1
