// RecordReader: the records of one file, in the file's order.
//
//   ReadCounts counts;
//   RecordReader reader(file, counts);
//   for (Record record; reader.next(record);) ...
//
// Lines that are no JSON objects, and lines that are too long, are skipped and counted. One thread
// at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <cli/line_reader.h>
#include <cli/log_files.h>
#include <cli/record.h>
#include <cli/record_parser.h>

namespace waybill::cli {

// What one run of a command has read, over all its files.
struct ReadCounts {
  std::uint64_t files = 0;
  std::uint64_t records = 0;  // lines that look like JSON objects
  std::uint64_t not_json = 0;
  std::uint64_t too_long = 0;
  std::vector<std::string> unreadable;  // "path: why"
};

class RecordReader {
 public:
  // Whether a line may be of interest. What it refuses is counted but not parsed.
  using LineTest = std::function<bool(std::string_view line)>;

  // A file that cannot be opened has no records, and stands in `counts.unreadable`. `file` and
  // `counts` must outlive the reader.
  RecordReader(const LogFile& file, ReadCounts& counts, LineTest worth_parsing = {},
               std::size_t piece = LineReader::kDefaultPiece);
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;
  ~RecordReader();

  // Replaces what `record` held with the next one. False at the end.
  bool next(Record& record);

 private:
  bool parse(std::string_view line, Record& record);
  void finish();

  const LogFile& file_;
  ReadCounts& counts_;
  LineTest worth_parsing_;
  int fd_;
  LineReader lines_;
  RecordParser parser_;
  Nanoseconds last_time_ = Record::kNoTime;
  bool finished_ = false;
};

// "3 lines were not JSON", "1 line was longer than 1 MiB" and the files that could not be read,
// each a line of its own; empty when all went well.
std::string describe_skipped(const ReadCounts& counts);

}  // namespace waybill::cli
