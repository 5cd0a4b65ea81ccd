// A reader of JSON for tests, which refuses objects that have a key twice.
#pragma once

#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace waybill::test {

inline nlohmann::json parse_unique(std::string_view text) {
  using Event = nlohmann::json::parse_event_t;
  std::vector<std::set<std::string>> keys;
  const auto check = [&keys](int, Event event, nlohmann::json& value) {
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end) keys.pop_back();
    if (event == Event::key && !keys.back().insert(value.get<std::string>()).second) {
      throw std::runtime_error("twice: " + value.dump());
    }
    return true;
  };
  return nlohmann::json::parse(text, check);
}

}  // namespace waybill::test
