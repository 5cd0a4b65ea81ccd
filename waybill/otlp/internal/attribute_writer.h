// Attributes with values of their own, in wire form.
#pragma once

#include <vector>

#include <protozero/pbf_writer.hpp>

#include <waybill/trace/attribute.h>

namespace waybill::internal {

// Adds a KeyValue for each as field `number`, with texts that are UTF-8. One without a key is left
// out: OpenTelemetry has no such attributes.
void add_attributes(protozero::pbf_writer& message, protozero::pbf_tag_type number,
                    const std::vector<OwnedAttribute>& attributes);

}  // namespace waybill::internal
