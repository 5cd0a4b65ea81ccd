// The words and signs of a filter's text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cli/filter.h>

namespace waybill::cli {

struct FilterToken {
  enum class Kind : std::uint8_t {
    kText,
    kQuotedText,
    kOperator,
    kOpen,
    kClose,
    kAnd,
    kOr,
    kNot,
    kEnd,
    kUnclosedQuote,  // the last token before kEnd
  };

  Kind kind = Kind::kEnd;
  std::size_t position = 0;
  std::string text;  // of kText and kQuotedText, without quotes and escapes
  Comparison::Operator op = Comparison::Operator::kEqual;

  bool is_text() const noexcept { return kind == Kind::kText || kind == Kind::kQuotedText; }
};

// All tokens of `filter`; the last is kEnd.
std::vector<FilterToken> lex_filter(std::string_view filter);

}  // namespace waybill::cli
