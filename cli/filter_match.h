// Whether a record is one that a filter means.
#pragma once

#include <cli/filter.h>
#include <cli/record.h>

namespace waybill::cli {

// What a record does not have equals nothing and is neither less nor greater: `key=x` and `key<x`
// are false for it, `key!=x` is true.
//
// Fields compare as numbers where both sides are numbers (a text field that reads as a number is
// one for `<` and `>`), else as text. Severities compare by rank, times as times, trace ids in any
// of their spellings. `~` looks for a part of the text, whatever the case. Thread-safe.
bool matches(const Filter& filter, const Record& record);

}  // namespace waybill::cli
