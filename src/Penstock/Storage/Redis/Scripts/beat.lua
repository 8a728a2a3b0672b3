-- A node says that it lives, and hears how many do.
local now, beats = clock(ARGV[1]), tonumber(ARGV[3])
redis.call('ZADD', KEYS[1], whole(now), ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', whole(now - beats))
redis.call('PEXPIRE', KEYS[1], whole(math.ceil(beats / 1000)))
return redis.call('ZCARD', KEYS[1])
