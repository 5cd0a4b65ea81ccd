#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <cli/comparison_value.h>
#include <cli/filter_parser.h>
#include <cli/logql_lexer.h>
#include <cli/logql_parser.h>

namespace waybill::cli {

namespace {

using Kind = LogqlToken::Kind;
using Operator = Comparison::Operator;

constexpr std::pair<std::string_view, Operator> kOperators[] = {
    {"=", Operator::kEqual},           {"==", Operator::kEqual},
    {"!=", Operator::kNotEqual},       {"<", Operator::kLess},
    {"<=", Operator::kLessOrEqual},    {">", Operator::kGreater},
    {">=", Operator::kGreaterOrEqual},
};

constexpr std::string_view kNoRegularExpressions =
    "=, != or, for a part of the line, |= and !=: regular expressions are not understood";

// Stages that LogQL has and this has not, and what to write.
constexpr std::pair<std::string_view, std::string_view> kOtherStages[] = {
    {"logfmt", "json: the lines are JSON"},
    {"pattern", "json: the lines are JSON"},
    {"regexp", "json: the lines are JSON"},
    {"unpack", "json: the lines are JSON"},
    {"line_format", "a filter: --format json prints the lines as they are"},
    {"label_format", "a filter: labels keep their names"},
    {"keep", "a filter: records are printed with all their fields"},
    {"drop", "a filter: records are printed with all their fields"},
    {"unwrap", "a filter: metric queries are not understood"},
    {"decolorize", "a filter: lines are JSON, without colours"},
};

class Parser {
 public:
  Parser(std::string_view text, Nanoseconds now) : tokens_(lex_logql(text)), now_(now) {}

  Filter parse() {
    All all;
    parse_selector(all.filters);
    while (peek().kind != Kind::kEnd) {
      if (std::optional<Filter> stage = parse_stage()) all.filters.push_back(*std::move(stage));
    }
    return {std::move(all)};
  }

 private:
  const LogqlToken& peek(std::size_t ahead = 0) const noexcept {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool take(std::string_view sign) noexcept {
    if (!peek().is(sign)) return false;
    ++at_;
    return true;
  }
  bool take_name(std::string_view name) noexcept {
    if (!peek().is_name(name)) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void fail(std::string_view expected) const {
    std::string right(expected);
    if (peek().kind == Kind::kUnclosedString) right = "a closing quote for this one";
    if (peek().text.starts_with('\\')) right = R"(\", \\, \n, \r or \t, or a text in `...`)";
    throw FilterError{peek().position, std::move(right)};
  }

  void parse_selector(std::vector<Filter>& filters);
  std::optional<Filter> parse_stage();
  Filter parse_line_filter();
  Filter parse_labels(int depth);
  Filter parse_term(int depth);
  Filter parse_comparison(bool in_selector);
  Operator take_operator(bool in_selector);
  std::string take_string(std::string_view expected);

  std::vector<LogqlToken> tokens_;
  std::size_t at_ = 0;
  Nanoseconds now_;
};

void Parser::parse_selector(std::vector<Filter>& filters) {
  if (!take("{")) fail("'{'");
  if (take("}")) return;
  do {
    if (peek().kind != Kind::kName) fail("a label such as service");
    filters.push_back(parse_comparison(true));
  } while (take(","));
  if (!take("}")) fail("',' or '}'");
}

std::optional<Filter> Parser::parse_stage() {
  if (peek().is("|=") || peek().is("!=")) return parse_line_filter();
  for (const std::string_view sign : {"|~", "!~", "|>", "!>"}) {
    if (peek().is(sign)) fail("|= or !=: a part of the line, not an expression");
  }
  if (peek().is("[")) fail("the end: metric queries are not understood");
  if (!take("|")) fail("'|', '|=', '!=' or the end");
  if (take_name("json")) {
    if (peek().kind == Kind::kName) fail("the end of this stage: json takes all fields");
    return std::nullopt;
  }
  for (const auto& [stage, right] : kOtherStages) {
    if (peek().is_name(stage)) fail(right);
  }
  return parse_labels(0);
}

Filter Parser::parse_line_filter() {
  const bool negated = peek().is("!=");
  ++at_;
  Any any;
  do {
    any.filters.push_back({LineContains{take_string("a text in quotes")}});
  } while (take_name("or"));
  if (!negated) return {std::move(any)};
  Not negation;
  negation.filter.push_back({std::move(any)});
  return {std::move(negation)};
}

Filter Parser::parse_labels(int depth) {
  std::vector<Filter> terms;
  terms.push_back(parse_term(depth));
  std::optional<bool> all;
  while (peek().is_name("or") || peek().is_name("and") || peek().is(",")) {
    const bool is_and = !peek().is_name("or");
    if (all.value_or(is_and) != is_and) fail("parentheses around what belongs together");
    all = is_and;
    ++at_;
    terms.push_back(parse_term(depth));
  }
  if (!all) return std::move(terms.front());
  if (*all) return {All{std::move(terms)}};
  return {Any{std::move(terms)}};
}

Filter Parser::parse_term(int depth) {
  if (!peek().is("(")) {
    if (peek().kind != Kind::kName) fail("json, or a label to compare");
    return parse_comparison(false);
  }
  if (depth == kDeepestFilter) fail(fmt::format("at most {} parentheses", kDeepestFilter));
  ++at_;
  Filter filter = parse_labels(depth + 1);
  if (!take(")")) fail("')'");
  return filter;
}

Filter Parser::parse_comparison(bool in_selector) {
  Comparison comparison;
  comparison.is_label = true;
  comparison.key = tokens_[at_++].text;
  comparison.op = take_operator(in_selector);
  const bool is_number = peek().kind == Kind::kNumber && !in_selector;
  if (!is_number && peek().kind != Kind::kString) {
    fail(in_selector ? "a text in quotes" : "a number, or a text in quotes");
  }
  if (auto wrong = set_value(comparison, peek().text, is_number, now_)) fail(*wrong);
  if (is_number && !comparison.number) {
    fail("a number without a unit, as in duration_ms > 500, or a text in quotes");
  }
  ++at_;
  return {std::move(comparison)};
}

Operator Parser::take_operator(bool in_selector) {
  if (peek().is("=~") || peek().is("!~")) fail(kNoRegularExpressions);
  const bool is_equality = peek().is("=") || peek().is("!=");
  for (const auto& [sign, op] : kOperators) {
    if (!peek().is(sign) || (in_selector && !is_equality)) continue;
    ++at_;
    return op;
  }
  fail(in_selector ? "= or !=" : "=, !=, <, <=, > or >=");
}

std::string Parser::take_string(std::string_view expected) {
  if (peek().kind != Kind::kString) fail(expected);
  return std::move(tokens_[at_++].text);
}

}  // namespace

bool is_logql(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

Filter parse_logql(std::string_view text, Nanoseconds now) {
  return Parser(text, now).parse();
}

}  // namespace waybill::cli
