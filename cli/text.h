// Text as a terminal shows it: escaped, measured, cut and wrapped.
//
// Records come from outside, and what is written to a terminal can move its cursor, set its title
// or forge lines. Everything from a record, a file's name or the command line goes through escape()
// before it is written. Every function is pure and thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::cli {

// `text` with everything spelled out that a terminal would act on or that hides: C0 and C1
// controls and DEL, bidirectional controls, line and paragraph separators, invisible characters,
// and bytes that are not UTF-8. "\n", "\t", "\x1b", "\u202e".
std::string escape(std::string_view text);

// The same for a line of JSON that is known to be valid: the result means what the line means.
std::string escape_json_line(std::string_view line);

// Columns that escaped text takes: two for East Asian wide characters and most emoji, none for
// combining marks.
std::size_t display_width(std::string_view text) noexcept;

// The longest start of escaped text that takes no more than `columns`.
std::string_view fit(std::string_view text, std::size_t columns) noexcept;

// Escaped text in lines of at most `columns` (at least 1), broken at spaces where there are any.
// Never empty.
std::vector<std::string_view> wrap(std::string_view text, std::size_t columns);

// "1,204".
std::string with_separators(std::uint64_t number);

// "1 record", "1,204 records".
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

// Whether `text` contains `part`, whatever the case of ASCII letters.
bool contains_ignoring_case(std::string_view text, std::string_view part) noexcept;

// ASCII letters in lower case.
std::string lowercase(std::string_view text);

}  // namespace waybill::cli
