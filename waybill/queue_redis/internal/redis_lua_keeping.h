// Looking, dead letters and arrivals, in Lua; see redis_scripts.h.
#pragma once

namespace waybill::queue::internal::lua {

inline constexpr const char* kCounts = R"lua(
local function late(away) return redis.call('ZCOUNT', away, '-inf', now) end
local put_off, put_off_late = redis.call('ZCARD', delayed), late(delayed)
local all = redis.call('XLEN', line.d)
local lent, lent_late = all - put_off, late(leases)
for _, key in ipairs({line.h, line.n, line.l}) do
  all = all + redis.call('XLEN', key)
  local summary = redis.pcall('XPENDING', key, 'waybill')
  lent = lent + (summary.err and 0 or summary[1])
  for _, text in ipairs(redis.call('SMEMBERS', timeouts)) do
    local timeout = tonumber(text)
    local first = timeout and pending(key, 1, 'v' .. text)[1]
    if first and first[3] >= timeout then
      lent_late = lent_late + #redis.call('XPENDING', key, 'waybill', 'IDLE', text, '-', '+', 10000,
                                          'v' .. text)
    end
  end
end
return {all - lent - put_off + lent_late + put_off_late, put_off - put_off_late, lent - lent_late,
        redis.call('XLEN', dead)}
)lua";

// Of each: whether it is ready, in flight or delayed, its ref, and its fields.
inline constexpr const char* kPeek = R"lua(
local max, found = tonumber(ARGV[3]), {}
if promote_all(nil, {'h', 'n', 'l'}) > 0 then wake() end

local function add(state, ref)
  local entry = #found < max and read(ref)
  if entry then found[#found + 1] = {state, ref, entry.fields} end
end
local function cursor(key)
  local of_parked = key == line.n and redis.call('GET', parked)
  if of_parked then return of_parked end
  local groups = redis.pcall('XINFO', 'GROUPS', key)
  for _, group in ipairs(groups.err and {} or groups) do
    local of = {}
    for i = 1, #group, 2 do of[group[i]] = group[i + 1] end
    if of.name == 'waybill' then return of['last-delivered-id'] end
  end
  return '0-0'
end
for _, priority in ipairs({'h', 'n', 'l'}) do
  if #found < max then
    local key = line[priority]
    for _, entry in ipairs(redis.call('XRANGE', key, '(' .. cursor(key), '+', 'COUNT',
                                      max - #found)) do
      found[#found + 1] = {'r', priority .. entry[1], entry[2]}
    end
  end
end
for _, priority in ipairs({'h', 'n', 'l'}) do
  for _, row in ipairs(#found < max and pending(line[priority], max) or {}) do
    add('f', priority .. row[1])
  end
end
for _, ref in ipairs(#found < max and redis.call('ZRANGE', leases, 0, max - 1) or {}) do
  if key_of(ref) == line.d then add('f', ref) end
end
for _, ref in ipairs(#found < max and redis.call('ZRANGE', delayed, 0, max - 1) or {}) do
  add('w', ref)
end
return found
)lua";

// A letter that somebody else wrote is known by 'x' and its id.
inline constexpr const char* kFindDead = R"lua(
local name = ARGV[3]
local id = redis.call('HGET', buried, name) or string.match(name, '^x(%d+%-%d+)$')
local found = id and redis.pcall('XRANGE', dead, id, id)[1]
if not found then
  redis.call('HDEL', buried, name)
  return '0'
end
)lua";

inline constexpr const char* kRetryDead = R"lua(
local fields = found[2]
local is_ours = fields[1] == 'waybill' and fields[3] == 'reason'
if is_ours then
  table.remove(fields, 4)
  table.remove(fields, 3)
end
local entry = describe('n' .. id, fields)
if not is_ours then entry.name = name end
entry.attempts = 0
local new, failure = write(line[entry.priority], entry, '-')
if not new then return failure end
redis.call('XDEL', dead, id)
redis.call('HDEL', buried, name)
wake()
return done('1')
)lua";

inline constexpr const char* kRemoveDead = R"lua(
redis.call('XDEL', dead, id)
redis.call('HDEL', buried, name)
return done('1')
)lua";

// The parts meet under a key of their own, which comes last.
inline constexpr const char* kArrive = R"lua(
local group = KEYS[#KEYS]
redis.call('HSETNX', group, ARGV[3], ARGV[5])
local arrived = redis.call('HLEN', group)
if arrived == 1 then redis.call('PEXPIRE', group, ARGV[6]) end
if arrived < tonumber(ARGV[4]) then return {} end
return redis.call('HGETALL', group)
)lua";

}  // namespace waybill::queue::internal::lua
