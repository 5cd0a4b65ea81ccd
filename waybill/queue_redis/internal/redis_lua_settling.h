// How deliveries are settled, in Lua; see redis_scripts.h.
#pragma once

namespace waybill::queue::internal::lua {

// Claims of one stream after the other, each with how many there are, and the claims that those
// before them had, which are now forgotten. Answers '1' for each that was good, else '0'.
//
// What is not pending any more was put back in line.
inline constexpr const char* kAck = R"lua(
local at, answers, any = 3, {}, false
while ARGV[at] ~= 'forget' do
  local letter, count, first = ARGV[at], tonumber(ARGV[at + 1]), at + 2
  local last = first + count - 1
  local key = line[letter]
  if redis.call('XACK', key, 'waybill', unpack(ARGV, first, last)) == count then
    redis.call('XDEL', key, unpack(ARGV, first, last))
    answers[#answers + 1] = string.rep('1', count)
    any = true
  else
    for i = first, last do
      local good = redis.call('XDEL', key, ARGV[i]) == 1
      if not good then
        local claim = letter .. ARGV[i]
        local ref = redis.call('HGET', moved, claim)
        if ref then
          good = not is_lent(ref) and drop(ref) == 1
          redis.call('HDEL', moved, claim)
        end
      end
      any = any or good
      answers[#answers + 1] = good and '1' or '0'
    end
  end
  if redis.call('EXISTS', leases) == 1 then
    for i = first, last do redis.call('ZREM', leases, letter .. ARGV[i]) end
  end
  at = last + 1
end
if ARGV[at + 1] then redis.call('HDEL', moved, unpack(ARGV, at + 1)) end
local answer = table.concat(answers)
return any and done(answer) or answer
)lua";

// What begins a retry and a dead letter: see kPromote for why something is removed first.
inline constexpr const char* kSettle = R"lua(
local claim = ARGV[3]
local entry = resolve(claim)
if not entry then return '0' end
redis.call('HDEL', moved, claim)
)lua";

inline constexpr const char* kRetry = R"lua(
local delay = tonumber(ARGV[4])
local id, failure = write(delay == 0 and line[entry.priority] or line.d, entry, '-')
if not id then
  if entry.ref ~= claim then redis.call('HSET', moved, claim, entry.ref) end
  return failure
end
if delay > 0 then redis.call('ZADD', delayed, now + delay, 'd' .. id) end
drop(entry.ref, entry.claim)
if now + delay < soon then wake() end
return done('1')
)lua";

inline constexpr const char* kDeadLetter = R"lua(
-- Whoever imitates our entries may have given two the same name: the second is known by its place.
if redis.call('HEXISTS', buried, entry.name) == 1 then entry.name = '-' end
local id, failure = write(dead, entry, '-', ARGV[4])
if not id then
  if entry.ref ~= claim then redis.call('HSET', moved, claim, entry.ref) end
  return failure
end
if entry.name ~= '-' then redis.call('HSET', buried, entry.name, id) end
drop(entry.ref, entry.claim)
return done('1')
)lua";

// Answers what the claim is from now on, or '0'. What is back in line leaves it for the stream of
// what is put off, where nobody takes it from.
inline constexpr const char* kExtend = R"lua(
local claim, timeout = ARGV[3], tonumber(ARGV[4])
if not is_lent(claim) then
  local entry = resolve(claim)
  if not entry then return '0' end
  redis.call('HDEL', moved, claim)
  entry.attempts = entry.attempts - 1
  local id, failure = write(line.d, entry, '-')
  if not id then
    redis.call('HSET', moved, claim, entry.ref)
    return failure
  end
  drop(entry.ref)
  claim = 'd' .. id
elseif key_of(claim) ~= line.d then
  redis.call('XCLAIM', key_of(claim), 'waybill', 'extended', 0, id_of(claim), 'JUSTID')
end
redis.call('ZADD', leases, now + timeout, claim)
if timeout < 1000 then wake() end
return done(claim)
)lua";

}  // namespace waybill::queue::internal::lua
