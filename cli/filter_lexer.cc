#include <utility>

#include <cli/filter_lexer.h>

namespace waybill::cli {

namespace {

using Kind = FilterToken::Kind;
using Operator = Comparison::Operator;

constexpr std::pair<std::string_view, Operator> kOperators[] = {
    {"!=", Operator::kNotEqual}, {"<=", Operator::kLessOrEqual}, {">=", Operator::kGreaterOrEqual},
    {"=", Operator::kEqual},     {"<", Operator::kLess},         {">", Operator::kGreater},
    {"~", Operator::kContains},
};

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<FilterToken> run() {
    while (true) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      if (at_ == text_.size()) break;
      tokens_.push_back(next());
    }
    tokens_.push_back({.kind = Kind::kEnd, .position = text_.size(), .text = {}});
    return std::move(tokens_);
  }

 private:
  FilterToken next() {
    FilterToken token;
    token.position = at_;
    for (const auto& [sign, op] : kOperators) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      at_ += sign.size();
      token.kind = Kind::kOperator;
      token.op = op;
      return token;
    }
    switch (text_[at_]) {
      case '(':
        token.kind = Kind::kOpen;
        ++at_;
        break;
      case ')':
        token.kind = Kind::kClose;
        ++at_;
        break;
      case '"':
        read_quoted(token);
        break;
      case '-':
        if (!follows_operator() && at_ + 1 < text_.size() && !is_space(text_[at_ + 1])) {
          token.kind = Kind::kNot;
          ++at_;
          break;
        }
        [[fallthrough]];
      default:
        read_word(token);
    }
    return token;
  }

  bool follows_operator() const noexcept {
    return !tokens_.empty() && tokens_.back().kind == Kind::kOperator;
  }

  void read_quoted(FilterToken& token) {
    token.kind = Kind::kUnclosedQuote;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        token.kind = Kind::kQuotedText;
        ++at_;
        return;
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      token.text += text_[at_];
    }
  }

  // A value may hold operators ("a=b=c" compares a with "b=c"); a key or bare word ends at one.
  void read_word(FilterToken& token) {
    const std::string_view ends = follows_operator() ? " \t\r\n()\"" : " \t\r\n()\"=<>~";
    const std::size_t start = at_;
    for (; at_ < text_.size() && ends.find(text_[at_]) == std::string_view::npos; ++at_) {
      if (text_.substr(at_).starts_with("!=") && !follows_operator()) break;
    }
    token.text = text_.substr(start, at_ - start);
    token.kind = Kind::kText;
    if (follows_operator()) return;
    if (token.text == "AND") token.kind = Kind::kAnd;
    if (token.text == "OR") token.kind = Kind::kOr;
    if (token.text == "NOT") token.kind = Kind::kNot;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<FilterToken> tokens_;
};

}  // namespace

std::vector<FilterToken> lex_filter(std::string_view filter) {
  return Lexer(filter).run();
}

}  // namespace waybill::cli
