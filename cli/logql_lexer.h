// The words and signs of a query in LogQL, Grafana Loki's language.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::cli {

struct LogqlToken {
  enum class Kind : std::uint8_t {
    kName,    // a label, or a word of the language
    kNumber,  // with what stands right behind it: "500", "1.5s", "20KB"
    kString,  // `text` is without quotes and escapes
    kSign,    // "{", "|=", ">="
    kEnd,
    kUnclosedString,  // the last token before kEnd
    kUnknown,         // a character that LogQL has no use for; the last before kEnd
  };

  Kind kind = Kind::kEnd;
  std::size_t position = 0;
  std::string text = {};

  bool is(std::string_view sign) const noexcept { return kind == Kind::kSign && text == sign; }
  bool is_name(std::string_view name) const noexcept { return kind == Kind::kName && text == name; }
};

// All tokens of `query`; the last is kEnd. Comments (# to the end of the line) are left out.
std::vector<LogqlToken> lex_logql(std::string_view query);

// Whether a label's name can have this character, other than as its first: a letter, a digit, '_'.
bool is_label_character(char c) noexcept;

}  // namespace waybill::cli
