// The text under which a queue is opened, taken apart.
#pragma once

#include <string>
#include <string_view>

namespace waybill::queue::internal {

struct QueueUrl {
  enum class Kind { kMemory, kSqlite };

  Kind kind;
  std::string name;
  // Of the file; empty for a queue in memory.
  std::string path;
};

// 1 to 128 bytes without control characters.
bool is_queue_name(std::string_view text) noexcept;

// "memory:NAME" or "sqlite:PATH?queue=NAME"; the last '?' ends the path, and nothing is
// percent-decoded. Throws waybill::Error for anything else.
QueueUrl parse_url(std::string_view url);

}  // namespace waybill::queue::internal
