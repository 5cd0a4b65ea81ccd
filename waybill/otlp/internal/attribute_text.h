// Values of attributes for formats that have no types of their own for them.
#pragma once

#include <string>

#include <waybill/trace/attribute.h>

namespace waybill::internal {

// As JSON; what JSON has no number for is a text: "NaN".
void append_json_value(std::string& out, const OwnedAttributeValue& value);

// A text as it is, everything else as JSON without quotes: lists are JSON lists.
std::string attribute_text(const OwnedAttributeValue& value);

}  // namespace waybill::internal
