// The members of a JSON object, read strictly: what is missing, of another type or out of range is
// a waybill::Error that names the member.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace landscape::internal {

// Text of at most 200 bytes.
std::string text_member(const nlohmann::json& object, const char* name);

// A number from `least` to `most`.
double number_member(const nlohmann::json& object, const char* name, double least, double most);

}  // namespace landscape::internal
