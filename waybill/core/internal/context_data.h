// The shared part of contexts: everything but the ids. Immutable once a node points to it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/core/field.h>
#include <waybill/core/internal/variable_value.h>

namespace waybill::detail {

struct ContextData {
  struct Variable {
    std::uint64_t key;
    VariableReference value;
  };

  ContextData() = default;
  // A copy to be changed before it is shared; starts with one reference of its own.
  ContextData(const ContextData& other);
  ContextData& operator=(const ContextData&) = delete;

  // Replaces the fields by `kept` and then `added`, later values winning, and copies their texts.
  void set_fields(Fields kept, Fields added);

  mutable std::atomic<std::uint32_t> references = 1;
  std::string trace_name;
  std::string tracestate;
  std::string baggage;
  std::vector<Field> fields;  // keys and text values point into field_text
  std::unique_ptr<char[]> field_text;
  std::vector<Variable> variables;
};

}  // namespace waybill::detail
