// The fields of a call, read back from its record.
#pragma once

#include <cstddef>
#include <vector>

#include <waybill/core/field.h>

namespace waybill::internal {

// Appends `count` fields, whose texts are those of the record, and moves `in` behind them.
void take_fields(const char*& in, std::size_t count, std::vector<Field>& fields);

}  // namespace waybill::internal
