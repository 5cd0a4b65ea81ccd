#include "calls.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace relay {
namespace {

using nlohmann::json;

constexpr const char* kExpected =
    R"(expected a JSON array such as [{"url": "http://host:8080/", "arguments": []}])";

Request refusal(const std::string& reason) {
  return {{}, reason + "; " + kExpected};
}

}  // namespace

Request parse_calls(std::string_view text) {
  bool too_deep = false;
  // `depth` counts what is around.
  const auto within_bounds = [&](int depth, json::parse_event_t event, json&) {
    using Event = json::parse_event_t;
    const bool opens = event == Event::array_start || event == Event::object_start;
    too_deep = too_deep || (opens && depth >= kMaxDepth);
    return !too_deep;
  };
  const json list = json::parse(text, within_bounds, false);
  if (too_deep) return refusal("nested more than " + std::to_string(kMaxDepth) + " deep");
  if (list.is_discarded()) return refusal("the body is not JSON");
  if (!list.is_array()) return refusal("the body is no array");

  Request request;
  for (const json& element : list) {
    const std::string where = "element " + std::to_string(request.calls.size());
    if (!element.is_object()) return refusal(where + " is no object");
    const auto url = element.find("url");
    if (url == element.end() || !url->is_string()) return refusal(where + " has no text \"url\"");
    const auto arguments = element.find("arguments");
    request.calls.push_back(
        {url->get<std::string>(), arguments == element.end() ? "[]" : arguments->dump()});
  }
  return request;
}

std::string describe(const std::vector<Call>& calls) {
  json list = json::array();
  for (const Call& call : calls) {
    json entry = {{"url", call.url}};
    if (call.error.empty()) {
      entry["status"] = call.status;
    } else {
      entry["error"] = call.error;
    }
    list.push_back(std::move(entry));
  }
  // A message may quote the beginning of a URL, which can end within a character.
  return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace relay
