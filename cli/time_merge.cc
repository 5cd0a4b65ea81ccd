#include <utility>

#include <sys/resource.h>

#include <cli/time_merge.h>

namespace waybill::cli {

namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10;

// Log folders can hold more files than a shell's usual limit lets a process open.
void allow_many_open_files() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

TimeMerge::TimeMerge(const std::vector<LogFile>& files, ReadCounts& counts, RecordTest test,
                     const RecordReader::LineTest& worth_parsing)
    : test_(std::move(test)) {
  allow_many_open_files();
  for (const LogFile& file : files) {
    sources_.push_back(std::make_unique<RecordReader>(file, counts, worth_parsing, kPiece));
    read_ahead(sources_.size() - 1);
  }
}

bool TimeMerge::next(Record& record) {
  fill_window();
  if (window_.empty()) return false;
  record = pop(window_).record;
  window_bytes_ -= record.line.size();
  return true;
}

void TimeMerge::fill_window() {
  while (!heads_.empty() && window_.size() < kWindowRecords && window_bytes_ < kWindowBytes) {
    Entry head = pop(heads_);
    const std::size_t source = head.source;
    window_bytes_ += head.record.line.size();
    window_.push(std::move(head));
    read_ahead(source);
  }
}

void TimeMerge::read_ahead(std::size_t source) {
  Entry entry;
  entry.source = source;
  while (sources_[source]->next(entry.record)) {
    if (!test_(entry.record)) continue;
    entry.sequence = sequence_++;
    heads_.push(std::move(entry));
    return;
  }
  sources_[source].reset();  // closes the file
}

TimeMerge::Entry TimeMerge::pop(Queue& queue) {
  // The queue only lends its top as const; it is gone with the pop that follows.
  Entry entry = std::move(const_cast<Entry&>(queue.top()));
  queue.pop();
  return entry;
}

}  // namespace waybill::cli
