// RedisEntry: a message as an entry of a stream, field by field.
//
//   waybill   1758000000000                  when it was sent, in ms since 1970; or, of what has
//             1758000000000 NAME 2 h CLAIM w  been moved: its id, how often it has been delivered,
//                                            its priority, by which claim somebody may still settle
//                                            it, and what kind it is
//   body      ...
//   each header, by its name
//
// Kinds: 'w' is ours; 'f' is another program's, its fields following as they were. 'W' and 'F' are
// the same with all that follows in one field, "packed", each name and value with its size before
// it: for entries with more fields than a script can write. A NAME of '-' is the entry's own ref.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <waybill/queue/message.h>
#include <waybill/queue_redis/internal/redis_connection.h>

namespace waybill::queue::internal {

struct RedisEntry {
  std::string id;
  Message message;
  std::uint32_t attempts = 0;
  Time sent;
  // By which somebody may still settle it; empty: none.
  std::string earlier_claim;
  // Of a dead letter.
  std::string reason;
  Time dead_at;
};

// 'l', 'n' or 'h', as the scripts know them.
char letter_of(Priority priority) noexcept;

// How many parts the entry has.
std::size_t parts_of_entry(const Message& message) noexcept;
void add_entry(RedisParts& parts, const Message& message, Time now);

// Whatever the fields are: what does not follow the form above is another program's. A ref is a
// stream's letter ('x': the dead letters) and the id there.
RedisEntry read_entry(std::string_view ref, const redisReply& fields);

}  // namespace waybill::queue::internal
