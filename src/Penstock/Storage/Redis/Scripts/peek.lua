-- How a key stands; changes nothing.
local rpm = tonumber(ARGV[2])
local at = tonumber(redis.call('HGET', KEYS[1], 'at')) or 0
local second = math.floor(math.max(clock(ARGV[1]), at) / 1000000)
local window = open_window(KEYS[1])
advance(window, second)
return { 1, math.max(0, rpm - window.sum), window.sum == 0 and second or window.last + SECONDS + 1, 0 }
