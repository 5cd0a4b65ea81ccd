// The parts that the scripts of a queue in Redis have in common, in Lua; see redis_scripts.h.
#pragma once

namespace waybill::queue::internal::lua {

// Before each script, whose keys are in variables of their names. A ref names an entry: a letter
// for its stream, and its id there.
//
// A call that was repeated because the connection broke gets the answer that the first one gave, if
// that had come through: `once` keeps the last answer of each connection.
//
// wake() picks one of those who wait: who is gone has no subscription any more, and is forgotten.
inline constexpr const char* kPrelude = R"lua(
local line = {l = low, n = normal, h = high, d = later}

local function done(answer)
  redis.call('SET', once, ARGV[1] .. ' ' .. answer, 'PX', 600000)
  return answer
end
if ARGV[2] == '1' then
  local call, answer = string.match(redis.call('GET', once) or '', '^(%S+) (.*)$')
  if call == ARGV[1] then return done(answer) end
end

local function wake()
  while true do
    local who = redis.call('ZRANGE', waiting, 0, 0)[1]
    if not who then return end
    redis.call('ZREM', waiting, who)
    if redis.call('PUBLISH', waiting .. ':' .. who, '') > 0 then return end
  end
end
)lua";

inline constexpr const char* kClock = R"lua(
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local soon = now + 1000
)lua";

// Reading entries and writing them elsewhere. An entry is written anew to be moved, since a stream
// only grows at its end; it keeps its name, the id that users see.
inline constexpr const char* kEntries = R"lua(
local function key_of(ref) return line[string.sub(ref, 1, 1)] end
local function id_of(ref)
  local function fits(number)
    return #number < 20 or #number == 20 and number <= '18446744073709551615'
  end
  local time, number = string.match(ref, '^.(%d+)%-(%d+)$')
  return time and fits(time) and fits(number) and string.sub(ref, 2)
end

local function describe(ref, fields)
  local entry = {ref = ref, fields = fields, first = 1, sent = string.match(ref, '^.(%d+)'),
                 name = ref, attempts = 0, priority = string.sub(ref, 1, 1), kind = 'f'}
  if entry.priority == 'd' then entry.priority = 'n' end
  if #entry.sent > 15 then entry.sent = '0' end
  if fields[1] ~= 'waybill' then return entry end
  local sent = string.match(fields[2], '^%d+$')
  local name, attempts, priority, claim, kind = '-', '0', entry.priority, '-', 'w'
  if not sent then
    sent, name, attempts, priority, claim, kind =
        string.match(fields[2], '^(%d+) (%S+) (%d+) ([lnh]) (%S+) ([wfWF])$')
  end
  if not sent or #sent > 15 or #name > 64 or #attempts > 9 then return entry end
  if kind == 'w' and fields[3] ~= 'body' then return entry end
  if (kind == 'W' or kind == 'F') and (fields[3] ~= 'packed' or #fields ~= 4) then return entry end
  entry.first, entry.sent, entry.attempts, entry.priority, entry.claim, entry.kind =
      3, sent, tonumber(attempts), priority, claim, kind
  if name ~= '-' then entry.name = name end
  return entry
end

local function read(ref)
  local key, id = key_of(ref), id_of(ref)
  local found = key and id and redis.call('XRANGE', key, id, id)[1]
  return found and describe(ref, found[2])
end

-- Whether somebody has it, even if the time-out has passed.
local function is_lent(ref)
  local key, id = key_of(ref), id_of(ref)
  if not key or not id then return false end
  local found = key ~= line.d and redis.pcall('XPENDING', key, 'waybill', id, id, 1) or {}
  return #found > 0 or redis.call('ZSCORE', leases, ref)
end

-- Out of the queue, and of what is kept of it.
local function drop(ref, claim)
  local key, id = key_of(ref), id_of(ref)
  if not key or not id then return 0 end
  redis.call('XACK', key, 'waybill', id)
  redis.call('ZREM', leases, ref)
  if claim and claim ~= '-' then redis.call('HDEL', moved, claim) end
  return redis.call('XDEL', key, id)
end

-- At the end of `key`, with the claim by which somebody may still settle it. The id there, or
-- nothing and an error.
local function write(key, entry, claim, reason)
  local parts = {}
  for i = entry.first, #entry.fields do parts[#parts + 1] = entry.fields[i] end
  if #parts > 4000 then
    for i = 1, #parts do parts[i] = struct.pack('<I4', #parts[i]) .. parts[i] end
    parts = {'packed', table.concat(parts)}
    entry.kind = string.upper(entry.kind)
  end
  local label = string.format('%s %s %d %s %s %s', entry.sent, entry.name, entry.attempts,
                              entry.priority, claim, entry.kind)
  local id
  if reason then
    id = redis.pcall('XADD', key, '*', 'waybill', label, 'reason', reason, unpack(parts))
  else
    id = redis.pcall('XADD', key, '*', 'waybill', label, unpack(parts))
  end
  if type(id) == 'table' then return nil, id end
  return id
end

-- What a claim stands for: a message that is lent, or one that is back in line since its time-out
-- has passed and which nobody has received.
local function resolve(claim)
  local entry = read(claim)
  if entry then
    entry.attempts = entry.attempts + 1
    return entry
  end
  local ref = redis.call('HGET', moved, claim)
  if not ref then return nil end
  if is_lent(ref) then
    redis.call('HDEL', moved, claim)
    return nil
  end
  return read(ref)
end
)lua";

// Puts what is due at the end of the line.
//
// What is lent is in the list of pending entries of the consumer "v" and the time-out: in the order
// of ids, which is that of the times, so that looking at the first is enough. What was extended is
// out of that order, and is in `leases` too.
//
// Removing comes first: after a first write Redis lets a script go on even when its memory is full.
inline constexpr const char* kPromote = R"lua(
local nothing_lent_before = math.huge

-- So many, or so many of a consumer.
local function pending(key, ...)
  local rows = redis.pcall('XPENDING', key, 'waybill', '-', '+', ...)
  return rows.err and {} or rows
end

local function promote(ref, was_lent)
  local key, id = key_of(ref), id_of(ref)
  if was_lent and key and id then redis.call('XACK', key, 'waybill', id) end
  local entry = read(ref)
  if not entry then return end
  if was_lent then
    entry.attempts = entry.attempts + 1
    if entry.claim then redis.call('HDEL', moved, entry.claim) end
  end
  local new = write(line[entry.priority], entry, was_lent and ref or '-')
  if new then
    redis.call('XDEL', key, id)
    if was_lent then redis.call('HSET', moved, ref, entry.priority .. new) end
  elseif was_lent then
    if key ~= line.d then
      redis.call('XCLAIM', key, 'waybill', 'extended', 0, id, 'FORCE', 'JUSTID')
    end
    redis.call('ZADD', leases, soon, ref)
  else
    redis.call('ZADD', delayed, soon, ref)
  end
end

-- How many, and whether any is or was lent for so long.
local function promote_lent(priority, timeout_text)
  local key, timeout, count = line[priority], tonumber(timeout_text), 0
  local first = timeout and pending(key, 1, 'v' .. timeout_text)[1]
  if not first then return 0, false end
  if first[3] < timeout then
    nothing_lent_before = math.min(nothing_lent_before, now + timeout - first[3])
    return 0, true
  end
  for _, row in ipairs(pending(key, 100, 'v' .. timeout_text)) do
    if row[3] < timeout then
      nothing_lent_before = math.min(nothing_lent_before, now + timeout - row[3])
      break
    end
    promote(priority .. row[1], true)
    count = count + 1
  end
  return count, true
end

local function promote_from(away)
  local refs = redis.call('ZRANGEBYSCORE', away, '-inf', now, 'LIMIT', 0, 100)
  for _, ref in ipairs(refs) do
    redis.call('ZREM', away, ref)
    promote(ref, away == leases)
  end
  return #refs
end

-- Adds the time-out in use here to those that are looked after, and forgets others. Where nothing was extended or put
-- off, that need not be looked for.
local function promote_all(timeout, priorities, only_lent)
  local count, is_known = 0, timeout == nil
  if not only_lent then count = promote_from(leases) + promote_from(delayed) end
  for _, text in ipairs(redis.call('SMEMBERS', timeouts)) do
    is_known = is_known or text == timeout
    local in_use = text == timeout or #priorities < 3
    for _, priority in ipairs(priorities) do
      local promoted, some = promote_lent(priority, text)
      count = count + promoted
      in_use = in_use or some
    end
    if not in_use then
      redis.call('SREM', timeouts, text)
      for _, priority in ipairs(priorities) do
        redis.pcall('XGROUP', 'DELCONSUMER', line[priority], 'waybill', 'v' .. text)
      end
    end
  end
  if not is_known then
    redis.call('SREM', timeouts, timeout)
    redis.call('SADD', timeouts, timeout)
  end
  return count
end

local function next_due()
  local due = nothing_lent_before
  for _, away in ipairs({leases, delayed}) do
    local first = redis.call('ZRANGE', away, 0, 0, 'WITHSCORES')[2]
    due = math.min(due, tonumber(first) or math.huge)
  end
  return due
end
)lua";

}  // namespace waybill::queue::internal::lua
