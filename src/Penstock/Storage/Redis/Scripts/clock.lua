-- Microseconds of Unix time: the server's own, so that the clocks of the nodes do not matter.
local function clock(given)
  if given ~= '' then
    return tonumber(given)
  end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- Whole numbers up to 2^53, which Lua would print with an exponent.
local function whole(number)
  return string.format('%.0f', number)
end

