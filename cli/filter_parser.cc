#include <utility>

#include <fmt/format.h>

#include <cli/comparison_value.h>
#include <cli/filter_lexer.h>
#include <cli/filter_parser.h>
#include <cli/logql_parser.h>
#include <cli/text.h>

namespace waybill::cli {

namespace {

using Kind = FilterToken::Kind;

class Parser {
 public:
  Parser(std::string_view text, Nanoseconds now) : tokens_(lex_filter(text)), now_(now) {}

  Filter parse() {
    if (peek().kind == Kind::kEnd) return {};
    Filter filter = parse_any();
    if (peek().kind != Kind::kEnd) fail("a word, a comparison or the end");
    return filter;
  }

 private:
  // Also marks the nesting that the grammar allows without end.
  class Depth {
   public:
    explicit Depth(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kDeepestFilter) {
        --parser_.depth_;  // no destructor runs for what was not made
        parser_.fail(fmt::format("no more than {} levels of parentheses and NOT", kDeepestFilter));
      }
    }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    ~Depth() { --parser_.depth_; }

   private:
    Parser& parser_;
  };

  const FilterToken& peek() const noexcept { return tokens_[at_]; }
  FilterToken take() { return std::move(tokens_[at_++]); }
  bool take_if(Kind kind) noexcept {
    if (peek().kind != kind) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void fail(std::string expected) const {
    if (peek().kind == Kind::kUnclosedQuote) expected = "a closing '\"' for this one";
    throw FilterError{peek().position, std::move(expected)};
  }

  Filter parse_any();
  Filter parse_all();
  Filter parse_unary();
  Filter parse_primary();
  Filter parse_comparison(const std::string& key);

  std::vector<FilterToken> tokens_;
  std::size_t at_ = 0;
  Nanoseconds now_;
  int depth_ = 0;
};

Filter Parser::parse_any() {
  Any any;
  do {
    any.filters.push_back(parse_all());
  } while (take_if(Kind::kOr));
  if (any.filters.size() == 1) return std::move(any.filters.front());
  return {std::move(any)};
}

Filter Parser::parse_all() {
  All all;
  bool more = true;
  while (more) {
    all.filters.push_back(parse_unary());
    const Kind next = peek().kind;
    more = take_if(Kind::kAnd) || (next != Kind::kEnd && next != Kind::kClose && next != Kind::kOr);
  }
  if (all.filters.size() == 1) return std::move(all.filters.front());
  return {std::move(all)};
}

Filter Parser::parse_unary() {
  const Depth depth(*this);
  if (!take_if(Kind::kNot)) return parse_primary();
  Not negation;
  negation.filter.push_back(parse_unary());
  return {std::move(negation)};
}

Filter Parser::parse_primary() {
  if (take_if(Kind::kOpen)) {
    if (peek().kind == Kind::kText && peek().text.starts_with('{')) {
      fail(
          "a word or a comparison: a LogQL query begins with '{'; metric queries are not "
          "understood");
    }
    Filter filter = parse_any();
    if (!take_if(Kind::kClose)) fail("')'");
    return filter;
  }
  if (!peek().is_text()) {
    fail(peek().kind == Kind::kOperator ? "a key before the operator"
                                        : "a word, a comparison or '('");
  }
  FilterToken token = take();
  if (peek().kind == Kind::kOperator) return parse_comparison(token.text);
  return {MessageContains{std::move(token.text)}};
}

Filter Parser::parse_comparison(const std::string& key) {
  Comparison comparison;
  comparison.key = key;
  comparison.op = take().op;
  if (!peek().is_text()) fail("a value");
  const bool may_be_number = peek().kind == Kind::kText;
  if (auto wrong = set_value(comparison, peek().text, may_be_number, now_)) fail(*wrong);
  ++at_;
  return {std::move(comparison)};
}

}  // namespace

std::variant<Filter, FilterError> parse_filter(std::string_view text, Nanoseconds now) {
  if (text.size() > kLongestFilter) {
    return FilterError{kLongestFilter,
                       fmt::format("the end: a filter has at most {} bytes", kLongestFilter)};
  }
  try {
    if (is_logql(text)) return parse_logql(text, now);
    return Parser(text, now).parse();
  } catch (FilterError& error) {
    return std::move(error);
  }
}

std::string describe(const FilterError& error, std::string_view filter) {
  const std::size_t column = display_width(escape(filter.substr(0, error.position)));
  return fmt::format("  {}\n  {:{}}^ expected {}\n", escape(filter), "", column, error.expected);
}

}  // namespace waybill::cli
