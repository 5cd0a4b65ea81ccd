// What a relay is asked to do: a list of calls, and what became of them.
//
//   [{"url": "http://jobs.internal:8080/run", "arguments": {"zip": "98101"}}, ...]
//   [{"url": "http://jobs.internal:8080/run", "status": 200}, ...]
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relay {

struct Call {
  std::string url;
  std::string arguments;  // JSON

  // What became of it: the status of the response, or why there was none.
  int status = 0;
  std::string error = {};
};

struct Request {
  std::vector<Call> calls;
  std::string error;  // for people; empty when the text is such a list
};

// `arguments` may be any JSON, nested at most kMaxDepth deep with what is around it; "[]" where it
// is left out. Other members are not looked at.
Request parse_calls(std::string_view json);
inline constexpr int kMaxDepth = 100;

std::string describe(const std::vector<Call>& calls);

}  // namespace relay
