#include <optional>
#include <utility>

#include <cli/logql_lexer.h>

namespace waybill::cli {

namespace {

using Kind = LogqlToken::Kind;

// The longer ones first.
constexpr std::string_view kSigns[] = {"|=", "|~", "|>", "!=", "!~", "!>", "=~",
                                       "==", ">=", "<=", "=",  ">",  "<",  "{",
                                       "}",  "(",  ")",  "[",  "]",  ",",  "|"};

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// What follows a backslash in double quotes, as in Go; of others, only these are of use here.
std::optional<char> unescaped(char c) noexcept {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case '"':
    case '\\':
      return c;
    default:
      return std::nullopt;
  }
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<LogqlToken> run() {
    std::vector<LogqlToken> tokens;
    while (skip_blanks(), at_ < text_.size()) {
      tokens.push_back(next());
      const Kind kind = tokens.back().kind;
      if (kind == Kind::kUnclosedString || kind == Kind::kUnknown) break;
    }
    tokens.push_back({Kind::kEnd, text_.size()});
    return tokens;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (std::string_view(" \t\r\n").find(text_[at_]) == std::string_view::npos) {
        return;
      } else {
        ++at_;
      }
    }
  }

  LogqlToken next() {
    const std::size_t start = at_;
    const char first = text_[at_];
    for (const std::string_view sign : kSigns) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      at_ += sign.size();
      return {Kind::kSign, start, std::string(sign)};
    }
    if (first == '"' || first == '`') return read_string(first);
    const bool signed_number = first == '-' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
    if (signed_number || is_digit(first)) return {Kind::kNumber, start, take_word(1)};
    if (is_label_character(first)) return {Kind::kName, start, take_word(0)};
    return {Kind::kUnknown, start, std::string(1, first)};
  }

  // Dots too: those of numbers, and of keys as they stand in the records.
  std::string take_word(std::size_t size) {
    while (at_ + size < text_.size() &&
           (is_label_character(text_[at_ + size]) || text_[at_ + size] == '.')) {
      ++size;
    }
    at_ += size;
    return std::string(text_.substr(at_ - size, size));
  }

  LogqlToken read_string(char quote) {
    LogqlToken token{Kind::kUnclosedString, at_};
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        token.kind = Kind::kString;
        ++at_;
        break;
      }
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size()) {
        const char escaped = text_[++at_];
        if (!unescaped(escaped)) return {Kind::kUnknown, at_ - 1, std::string{'\\', escaped}};
        token.text += *unescaped(escaped);
      } else {
        token.text += text_[at_];
      }
    }
    return token;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool is_label_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

std::vector<LogqlToken> lex_logql(std::string_view query) {
  return Lexer(query).run();
}

}  // namespace waybill::cli
