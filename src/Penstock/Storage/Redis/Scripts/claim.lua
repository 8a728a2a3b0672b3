-- Whose generation it is: 1 the asker's, 2 another's, to whom the asker's node listens from now on, 3 another body's,
-- 4 one that is not to be had.
local entry, bytes, listeners = KEYS[1], KEYS[2], KEYS[3]
local now, node, owner, body, lease = clock(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local generation = open_generation(entry)
-- A node asks only when it has nothing under the key itself: what it had under way is over.
local is_own = generation.node == node and is_under_way(generation)
if generation.ends > now and not is_own and not is_torn(generation, bytes) then
  if generation.body ~= body then
    return { 3, '' }
  elseif generation.state == 'unkept' or generation.state == 'lost' then
    return { 4, '' }
  end
  if is_under_way(generation) then
    listen(listeners, node, now, lease)
  end
  return { 2, generation.owner }
end
redis.call('DEL', entry, bytes, listeners)
redis.call('HSET', entry, 'node', node, 'owner', owner, 'body', body, 'state', 'open', 'until', whole(now + lease))
lives(entry, bytes, listeners, lease * 2)
return { 1, owner }
