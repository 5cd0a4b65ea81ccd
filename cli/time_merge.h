// TimeMerge: the records of several files as one sequence in time order.
//
// Each file is taken to be nearly in order itself, as logs are: within a window of some thousands
// of records, what came late is put right; a record later than that comes when it is found. Memory
// is bounded by the window and by a small buffer for each file; all files are open at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <vector>

#include <cli/log_files.h>
#include <cli/record_reader.h>

namespace waybill::cli {

class TimeMerge {
 public:
  static constexpr std::size_t kWindowRecords = 4'096;
  static constexpr std::size_t kWindowBytes = std::size_t{64} << 20;

  // Which records to take. The rest costs nothing.
  using RecordTest = std::function<bool(const Record&)>;

  // `files` and `counts` must outlive the merge.
  TimeMerge(const std::vector<LogFile>& files, ReadCounts& counts, RecordTest test,
            const RecordReader::LineTest& worth_parsing);

  // Replaces what `record` held with the next one. False at the end.
  bool next(Record& record);

 private:
  struct Entry {
    Record record;
    std::size_t source = 0;
    std::uint64_t sequence = 0;  // keeps records of the same time in the order they were read

    // Turned round, so that the queue's top is the earliest.
    friend bool operator<(const Entry& a, const Entry& b) noexcept {
      if (a.record.order_time != b.record.order_time) {
        return a.record.order_time > b.record.order_time;
      }
      return a.sequence > b.sequence;
    }
  };
  using Queue = std::priority_queue<Entry>;

  void read_ahead(std::size_t source);
  void fill_window();
  static Entry pop(Queue& queue);

  RecordTest test_;
  std::vector<std::unique_ptr<RecordReader>> sources_;
  Queue heads_;   // the next record of each file
  Queue window_;  // what has been taken from the files and may still be overtaken
  std::size_t window_bytes_ = 0;
  std::uint64_t sequence_ = 0;
};

}  // namespace waybill::cli
