// Fields as a JSON object, and back. Text, booleans and numbers keep their type: doubles are
// written with a fraction or an exponent, integers without.
#pragma once

#include <list>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/core/field.h>

namespace waybill::internal {

// Appends `"name":value,` for each field within the bounds, and counts the others. Numbers that
// JSON has no spelling for become the texts "NaN", "Infinity" and "-Infinity".
void append_fields(std::string& out, Fields fields);

// The fields that a JSON object holds. They refer to the JSON, or to texts that live as long as
// this does.
class ParsedFields {
 public:
  ParsedFields() = default;
  ParsedFields(const ParsedFields&) = delete;
  ParsedFields& operator=(const ParsedFields&) = delete;

  // Takes those within the bounds and of a type that fields have; counts the others. `json` is a
  // valid JSON value.
  void read(std::string_view json);

  Fields fields() const noexcept { return {fields_.data(), fields_.size()}; }

 private:
  std::string_view text_of(std::string_view spelled);

  std::vector<Field> fields_;
  std::list<std::string> texts_;  // those that had escapes
};

}  // namespace waybill::internal
