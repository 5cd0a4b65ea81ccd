// AttributePattern: asks whether a span has an attribute with a value, or a text of a form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <waybill/trace/attribute.h>
#include <waybill/trace/internal/text_pattern.h>

namespace waybill::internal {

class AttributePattern {
 public:
  // Throws Error, which names `option`, for a list and for an empty key.
  AttributePattern(OwnedAttribute wanted, std::string_view option);

  bool matches(Attributes attributes) const noexcept;

 private:
  bool matches(const AttributeValue& value) const noexcept;

  OwnedAttribute wanted_;
  std::optional<TextPattern> text_;
};

}  // namespace waybill::internal
