// TraceCollector: takes the records that may belong to the trace asked for, and says in the end
// which trace that was.
//
// A full id or a name has one answer. The start of an id may have several; from the second one on
// only the ids are kept.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include <cli/record.h>
#include <cli/trace_matcher.h>
#include <waybill/core/ids.h>

namespace waybill::cli {

class TraceCollector {
 public:
  static constexpr std::size_t kMostCandidates = 20;

  explicit TraceCollector(TraceMatcher& matcher) noexcept : matcher_(matcher) {}

  // Keeps `record` if it belongs to the trace; it is then moved from.
  void add(Record& record);

  // Whether the start of an id was given that several traces share, and no trace has it as its
  // name.
  bool is_ambiguous() const noexcept { return exact_.empty() && candidates_.size() > 1; }
  // The traces that begin so: their names, or their ids. At most kMostCandidates.
  std::vector<std::string> candidates() const;

  // The records of the one trace; empty when there was none.
  std::vector<Record> take_records();

 private:
  struct Candidate {
    TraceId id;
    std::string spelling;
    friend bool operator<(const Candidate& a, const Candidate& b) { return a.id < b.id; }
  };

  TraceMatcher& matcher_;
  std::vector<Record> exact_;
  std::vector<Record> by_prefix_;  // of the only candidate
  std::set<Candidate> candidates_;
};

}  // namespace waybill::cli
