// How messages get into the line and out of it, in Lua; see redis_scripts.h.
#pragma once

namespace waybill::queue::internal::lua {

// Answers 'none' where there is no queue and none was to be made. The streams of other priorities
// come into being when they are first used.
inline constexpr const char* kOpen = R"lua(
if ARGV[3] ~= '1' and redis.call('EXISTS', normal) == 0 then return 'none' end
local made = redis.pcall('XGROUP', 'CREATE', normal, 'waybill', '0', 'MKSTREAM')
if made.err and not string.find(made.err, 'BUSYGROUP', 1, true) then return made end
return 'there'
)lua";

// Of each message: priority, delay, the number of its deduplication key among KEYS or 0, how long
// that is remembered, and how many parts of the entry follow.
inline constexpr const char* kSend = R"lua(
local at, sent, is_news = 3, 0, false
while ARGV[at] do
  local priority, delay, key = ARGV[at], tonumber(ARGV[at + 1]), KEYS[tonumber(ARGV[at + 2])]
  local first, last = at + 5, at + 4 + tonumber(ARGV[at + 4])
  if not key or redis.call('SET', key, '', 'NX', 'PX', ARGV[at + 3]) then
    if delay == 0 then
      redis.call('XADD', line[priority], '*', unpack(ARGV, first, last))
    else
      local id = redis.call('XADD', line.d, '*', unpack(ARGV, first, last))
      redis.call('ZADD', delayed, now + delay, 'd' .. id)
    end
    sent = sent + 1
    is_news = is_news or now + delay < soon
  end
  at = last + 1
end
if is_news then wake() end
return sent == 0 and '0' or done(tostring(sent))
)lua";

// After messages that were added outside of scripts, in the same transaction.
inline constexpr const char* kSent = R"lua(
wake()
return done(ARGV[3])
)lua";

// Before the normal stream is read outside of scripts, in the same transaction: bodies that pass
// through Lua take several times as long. Where there are other priorities that will not do; then
// the group is parked at the end of all ids, so that nothing is read. Whoever reads nothing asks
// kTake, which takes it back.
inline constexpr const char* kBeforeReading = R"lua(
local is_simple = redis.call('EXISTS', high, low, leases, delayed) == 0
local is_mixed = not is_simple and redis.call('XLEN', high) + redis.call('XLEN', low) > 0
if promote_all(ARGV[3], is_mixed and {'h', 'n', 'l'} or {'n'}, is_simple) > 0 then
  is_mixed = is_mixed or redis.call('XLEN', line.h) + redis.call('XLEN', line.l) > 0
  wake()
end
if is_mixed and redis.call('EXISTS', parked) == 0 then
  local groups = redis.pcall('XINFO', 'GROUPS', line.n)
  for _, group in ipairs(groups.err and {} or groups) do
    local of = {}
    for i = 1, #group, 2 do of[group[i]] = group[i + 1] end
    if of.name == 'waybill' then
      redis.call('SET', parked, of['last-delivered-id'])
      redis.call('XGROUP', 'SETID', line.n, 'waybill', '18446744073709551615-18446744073709551615')
    end
  end
end
return is_mixed and 'mixed' or 'plain'
)lua";

// Whoever waits has itself registered when there is nothing. If it was picked meanwhile, or was the
// one to see to what falls due soon, it leaves that to the next when it goes.
inline constexpr const char* kTake = R"lua(
local max, timeout, me, registered, register =
    tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6] == '1', ARGV[7] == '1'

local function ready(priority, count)
  local function look()
    return redis.pcall('XREADGROUP', 'GROUP', 'waybill', 'v' .. timeout, 'COUNT', count, 'STREAMS',
                       line[priority], '>')
  end
  if redis.call('EXISTS', line[priority]) == 0 then return {} end
  local found = look()
  if found and found.err and string.find(found.err, 'NOGROUP', 1, true) then
    redis.call('XGROUP', 'CREATE', line[priority], 'waybill', '0')
    found = look()
  end
  if found and found.err then error(found.err) end
  return found and found[1][2] or {}
end

local cursor = redis.call('GET', parked)
if cursor then
  redis.pcall('XGROUP', 'SETID', line.n, 'waybill', cursor)
  redis.call('DEL', parked)
end
local promoted = promote_all(timeout, {'h', 'n', 'l'})
local taken = {}
for _, priority in ipairs({'h', 'n', 'l'}) do
  if #taken < max then
    for _, entry in ipairs(ready(priority, max - #taken)) do
      entry[1] = priority .. entry[1]
      taken[#taken + 1] = entry
    end
  end
end

local due = next_due()
if #taken > 0 then due = math.min(due, now + tonumber(timeout)) end
local picked = registered and redis.call('ZREM', waiting, me) == 0
if #taken == 0 and register then
  redis.call('ZADD', waiting, now, me)
else
  local may_be_more = #taken == max
  if may_be_more and (picked or promoted > 0) or registered and due < soon or
     #taken > 0 and tonumber(timeout) < 1000 then
    wake()
  end
end
local is_mixed = redis.call('XLEN', line.h) + redis.call('XLEN', line.l) > 0
return {due == math.huge and -1 or math.max(0, due - now), taken, is_mixed and 1 or 0}
)lua";

}  // namespace waybill::queue::internal::lua
