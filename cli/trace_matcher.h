// TraceMatcher: which records belong to the trace that a person asks for.
//
// A trace has several spellings: 32 hex digits of either case, a UUID, and a name, from which the
// id follows (core's TraceId::from_name). All of them name the same trace, whichever the person
// gives and whichever a service logged. The start of an id, eight digits or more, is a question
// that may have several answers.
//
// Not thread-safe: answers for names are remembered.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/core/ids.h>

namespace waybill::cli {

class TraceMatcher {
 public:
  static constexpr std::size_t kShortestPrefix = 8;
  static constexpr std::size_t kShortestSimilar = 3;
  static constexpr std::size_t kMostSimilar = 5;

  // kPrefix: the id given is the start of this one.
  enum class Match : std::uint8_t { kNo, kPrefix, kYes };

  explicit TraceMatcher(std::string_view id);

  // `trace_id` as a record spells it.
  Match match(std::string_view trace_id);

  // Whether a JSON line may be a record that matches, told from its text alone: false only if
  // parsing it would be in vain.
  bool may_match(std::string_view line);

  // Lines seen by may_match() that carry the id of some trace.
  std::uint64_t lines_with_trace() const noexcept { return lines_with_trace_; }

  // Ids seen by may_match() that are other traces, but begin as the one given, or the other way
  // round: what the person may have meant. At most kMostSimilar.
  const std::vector<std::string>& similar() const noexcept { return similar_; }

 private:
  Match match_id(const TraceId& id) const;
  Match match_name(std::string_view name);
  void remember_if_similar(std::string_view trace_id);

  std::string text_;
  TraceId id_;
  bool is_name_;
  std::string prefix_;  // hex digits; empty when the text is no start of an id
  std::string last_name_;
  Match last_match_ = Match::kNo;
  std::uint64_t lines_with_trace_ = 0;
  std::vector<std::string> similar_;
};

// Whether `trace_id` is a name, not an id's digits.
bool is_trace_name(std::string_view trace_id) noexcept;

}  // namespace waybill::cli
