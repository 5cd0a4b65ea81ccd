#include <algorithm>

#include <waybill/core/error.h>
#include <waybill/repro/internal/json_text.h>

namespace waybill::internal {
namespace {

using nlohmann::json;

struct TooDeep {};

json parse_bounded(std::string_view text) {
  return json::parse(
      text.begin(), text.end(), [](int depth, json::parse_event_t event, const json&) {
        const bool opens =
            event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
        if (opens && depth >= kDeepestJson) throw TooDeep();
        return true;
      });
}

std::string place_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte);
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return "line " + std::to_string(line) + ", column " +
         std::to_string(before.size() - line_start + 1);
}

}  // namespace

json parse_json(std::string_view text) {
  try {
    return parse_bounded(text);
  } catch (const json::parse_error& error) {  // of the byte read last, counted from 1
    const std::size_t at = error.byte > 0 ? error.byte - 1 : 0;
    throw Error(place_of(text, at) +
                (at >= text.size() ? ": the text ends within a value" : ": this is no JSON"));
  } catch (const json::exception& error) {
    throw Error(error.what());
  } catch (const TooDeep&) {
    throw Error("nested more than " + std::to_string(kDeepestJson) + " deep");
  }
}

std::optional<std::string> canonical_json(std::string_view text) {
  try {
    return parse_bounded(text).dump();
  } catch (const json::exception&) {
    return std::nullopt;
  } catch (const TooDeep&) {
    return std::nullopt;
  }
}

}  // namespace waybill::internal
