#include <utility>

#include <cli/trace_collector.h>

namespace waybill::cli {

void TraceCollector::add(Record& record) {
  switch (matcher_.match(record.trace_id)) {
    case TraceMatcher::Match::kNo:
      return;
    case TraceMatcher::Match::kYes:
      exact_.push_back(std::move(record));
      break;
    case TraceMatcher::Match::kPrefix: {
      Candidate candidate{TraceId::from_name(record.trace_id), std::string(record.trace_id)};
      if (candidates_.size() < kMostCandidates) candidates_.insert(std::move(candidate));
      if (candidates_.size() == 1) {
        by_prefix_.push_back(std::move(record));
      } else {
        by_prefix_.clear();
        by_prefix_.shrink_to_fit();
      }
      break;
    }
  }
  record = Record();
}

std::vector<std::string> TraceCollector::candidates() const {
  std::vector<std::string> spellings;
  spellings.reserve(candidates_.size());
  for (const Candidate& candidate : candidates_) spellings.push_back(candidate.spelling);
  return spellings;
}

std::vector<Record> TraceCollector::take_records() {
  if (!exact_.empty()) return std::move(exact_);
  return is_ambiguous() ? std::vector<Record>() : std::move(by_prefix_);
}

}  // namespace waybill::cli
