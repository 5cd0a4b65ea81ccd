#include "internal/json_members.h"

#include <cstddef>
#include <sstream>

#include <nlohmann/json.hpp>

#include <waybill/core/error.h>

namespace landscape::internal {
namespace {

constexpr std::size_t kLongestText = 200;

// What an error shows of a value that is not as it should be.
std::string excerpt(const nlohmann::json& value) {
  constexpr std::size_t kLongestExcerpt = 60;
  std::string text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  if (text.size() > kLongestExcerpt) text.replace(kLongestExcerpt, std::string::npos, "...");
  return text;
}

const nlohmann::json& member(const nlohmann::json& object, const char* name) {
  if (!object.is_object()) {
    throw waybill::Error("expected a JSON object with a member '" + std::string(name) +
                         "', found " + excerpt(object));
  }
  const auto found = object.find(name);
  if (found == object.end()) {
    throw waybill::Error("the JSON member '" + std::string(name) + "' is missing");
  }
  return *found;
}

}  // namespace

std::string text_member(const nlohmann::json& object, const char* name) {
  const nlohmann::json& value = member(object, name);
  if (!value.is_string() || value.get_ref<const std::string&>().size() > kLongestText) {
    throw waybill::Error::bad_option(name, excerpt(value), "text of at most 200 bytes");
  }
  return value.get<std::string>();
}

double number_member(const nlohmann::json& object, const char* name, double least, double most) {
  const nlohmann::json& value = member(object, name);
  if (value.is_number()) {
    const double number = value.get<double>();
    if (number >= least && number <= most) return number;
  }
  std::ostringstream expected;
  expected << "a number from " << least << " to " << most;
  throw waybill::Error::bad_option(name, excerpt(value), expected.str());
}

}  // namespace landscape::internal
