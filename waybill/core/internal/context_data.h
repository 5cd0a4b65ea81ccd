// The shared part of contexts: everything but the ids. Immutable once a node points to it.
//
// The first node that points to it lives inside it: a new context is one piece of memory, which
// stays until neither that node nor any other that shares the data is left.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <waybill/core/context.h>
#include <waybill/core/field.h>
#include <waybill/core/internal/variable_value.h>

namespace waybill::detail {

// For whoever dropped the last reference to it. A node that has been recorded is retired.
void destroy(const ContextNode* node) noexcept;
void destroy_now(const ContextNode* node) noexcept;

struct ContextData {
  struct Variable {
    std::uint64_t key;
    VariableReference value;
  };
  struct Texts {
    std::string_view trace_name;
    std::string_view tracestate;
    std::string_view baggage;
  };
  struct Delete {
    void operator()(const ContextData* data) const noexcept;
  };
  using Pointer = std::unique_ptr<ContextData, Delete>;

  // With copies of these texts and fields in the same piece of memory, of fields with the same key
  // the last value; a first node with the ids of `ids`; one reference; no variables.
  static Pointer make(const Texts& texts, const ContextNode& ids, Fields kept = {},
                      Fields added = {});

  ContextData(const ContextData&) = delete;
  ContextData& operator=(const ContextData&) = delete;

  mutable std::uint32_t references = 1;
  ContextNode first_node;
  std::size_t size = 0;  // of the whole piece of memory
  Texts texts;
  Fields fields;
  std::vector<Variable> variables;

 private:
  explicit ContextData(const ContextNode& ids) noexcept : first_node(ids) {
    first_node.data = this;
  }
  ~ContextData() = default;
};

}  // namespace waybill::detail
