// Patterns: spdlog's own, with named parts in braces, turned into what pattern_formatter takes.
#pragma once

#include <algorithm>
#include <charconv>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/pattern_formatter.h>

#include <waybill/bridges/spdlog/parts_flag.h>
#include <waybill/bridges/spdlog/pattern_part.h>
#include <waybill/bridges/spdlog/wanted_fields.h>
#include <waybill/core/error.h>

namespace waybill::spdlog_bridge::detail {

class PatternParser {
 public:
  // `flags`: the user's own. Throws Error; see formatter().
  PatternParser(std::string_view pattern, TraceIdSpelling spelling,
                spdlog::pattern_formatter::custom_flags flags)
      : pattern_(pattern), spelling_(spelling), flags_(std::move(flags)) {
    parse();
  }

  std::string take_pattern() { return std::move(out_); }
  spdlog::pattern_formatter::custom_flags take_flags() { return std::move(flags_); }

 private:
  // What follows '%' in our flags: bytes that no pattern of spdlog's uses.
  static constexpr int kFirstFlag = 0x80;
  static constexpr int kLastFlag = 0xff;
  static constexpr std::size_t kWidest = 1000;

  void parse() {
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      const bool doubled = at_ + 1 < pattern_.size() && pattern_[at_ + 1] == c;
      if (c == '%') {
        end_parts();
        copy_flag();
      } else if ((c == '{' || c == '}') && doubled) {
        text_.push_back(c);
        at_ += 2;
      } else if (c == '{') {
        add_part();
      } else {
        text_.push_back(c);
        ++at_;
      }
    }
    end_parts();
  }

  // As spdlog reads it: '%', then perhaps a padding, then the flag's character.
  void copy_flag() {
    const auto peek = [this] { return at_ < pattern_.size() ? pattern_[at_] : '\0'; };
    const auto copy = [this] { out_.push_back(pattern_[at_++]); };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    copy();
    if (peek() == '-' || peek() == '=') copy();
    while (is_digit(peek())) copy();
    if (peek() == '!' && is_digit(out_.back())) copy();
    if (peek() == '{') {
      throw Error::bad_option("pattern", pattern_, "no '%' in front of a part in braces");
    }
    if (at_ < pattern_.size()) copy();
  }

  void add_part() {
    const std::size_t close = pattern_.find('}', at_);
    if (close == std::string_view::npos || close == at_ + 1) {
      throw Error::bad_option("pattern", pattern_, "a name and '}' after each '{'");
    }
    PatternPart part = read_part(pattern_.substr(at_ + 1, close - at_ - 1));
    at_ = close + 1;
    part.before = std::exchange(text_, {});
    if (part.kind == PatternPart::Kind::kFields) {
      want_all_fields();
      part.blank_before = part.before.ends_with(' ');
      if (part.blank_before) part.before.pop_back();
    } else if (part.kind == PatternPart::Kind::kField) {
      want_field(part.name);
      named_->push_back(part.name);
    }
    parts_.parts.push_back(std::move(part));
  }

  // What was read since spdlog's last flag becomes a flag, or is text that spdlog may copy.
  void end_parts() {
    if (parts_.parts.empty()) {
      out_ += std::exchange(text_, {});
      return;
    }
    parts_.after = std::exchange(text_, {});
    const char flag = unused_flag();
    flags_[flag] = std::make_unique<PartsFlag>(
        std::make_shared<const PartsOfFlag>(std::exchange(parts_, {})), named_);
    out_.push_back('%');
    out_.push_back(flag);
  }

  PatternPart read_part(std::string_view spec) const {
    PatternPart part;
    const std::size_t colon = spec.find(':');
    part.name = spec.substr(0, colon);
    if (colon != std::string_view::npos) {
      const char* const end = spec.data() + spec.size();
      const auto [read, error] = std::from_chars(spec.data() + colon + 1, end, part.width);
      if (error != std::errc{} || read != end || part.width > kWidest) {
        throw Error::bad_option("pattern", pattern_, "a width of 0 to 1000 after each ':'");
      }
    }
    part.kind = kind_of(part.name);
    return part;
  }

  PatternPart::Kind kind_of(std::string_view name) const {
    using Kind = PatternPart::Kind;
    constexpr std::string_view kSpdlogs[] = {"time", "level", "thread", "file", "line", "function"};
    if (std::find(std::begin(kSpdlogs), std::end(kSpdlogs), name) != std::end(kSpdlogs)) {
      throw Error::bad_option("pattern", pattern_,
                              "a flag of spdlog's, as %l, for {" + std::string(name) + "}");
    }
    if (name == "trace_id") {
      return spelling_ == TraceIdSpelling::kUuid ? Kind::kTraceUuid : Kind::kTraceId;
    }
    if (name == "span_id") return Kind::kSpanId;
    if (name == "parent_span_id") return Kind::kParentSpanId;
    if (name == "trace_flags") return Kind::kTraceFlags;
    if (name == "message") return Kind::kMessage;
    if (name == "logger") return Kind::kLogger;
    if (name == "fields") return Kind::kFields;
    return Kind::kField;
  }

  char unused_flag() {
    for (; next_flag_ <= kLastFlag; ++next_flag_) {
      const char flag = static_cast<char>(next_flag_);
      if (flags_.find(flag) == flags_.end()) return flag;
    }
    throw Error::bad_option("pattern", pattern_, "no more than 128 changes between braces and '%'");
  }

  std::string_view pattern_;
  TraceIdSpelling spelling_;
  spdlog::pattern_formatter::custom_flags flags_;
  std::size_t at_ = 0;
  int next_flag_ = kFirstFlag;
  std::string text_;  // read and not yet put anywhere
  PartsOfFlag parts_;
  std::shared_ptr<Names> named_ = std::make_shared<Names>();
  std::string out_;
};

}  // namespace waybill::spdlog_bridge::detail
