-- What a node that listens has not heard yet: state, head, bytes, failure, and how many bytes there are in all.
local entry, bytes, listeners = KEYS[1], KEYS[2], KEYS[3]
local now, node, owner, lease = clock(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4])
local offset, most = tonumber(ARGV[5]), tonumber(ARGV[6])
local generation = open_generation(entry)
local is_dead = is_under_way(generation) and generation.ends <= now
if generation.owner ~= owner or is_dead or is_torn(generation, bytes) then
  return { 'gone', '', '', '', 0 }
end
if is_under_way(generation) then
  listen(listeners, node, now, lease)
end
local said = redis.call('HMGET', entry, 'head', 'failure')
local payload = redis.call('GETRANGE', bytes, offset, offset + most - 1)
return { generation.state, said[1] or '', payload, said[2] or '', redis.call('STRLEN', bytes) }
