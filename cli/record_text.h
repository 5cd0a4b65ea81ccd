// Parts of a record as text for people. All of it is escaped for a terminal.
#pragma once

#include <string>
#include <string_view>

#include <cli/record.h>
#include <cli/styled_line.h>

namespace waybill::cli {

// `key=value`; a text value that is empty, or has spaces, quotes or a `=`, stands in double quotes.
std::string field_text(const RecordField& field);

// The style that a level is written in; empty for INFO.
std::string_view severity_style(Severity severity) noexcept;

// The level, padded to the widest one. Blank for a record without.
void add_severity(StyledLine& line, Severity severity);

}  // namespace waybill::cli
