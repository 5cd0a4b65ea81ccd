#include <algorithm>
#include <optional>
#include <string_view>

#include <cli/filter_match.h>
#include <cli/log_files.h>
#include <cli/query_command.h>
#include <cli/record_printer.h>
#include <cli/record_reader.h>
#include <cli/text.h>
#include <cli/time_merge.h>
#include <cli/trace_matcher.h>

namespace waybill::cli {

namespace {

class Query {
 public:
  Query(const QueryRequest& request, const Terminal& terminal, std::ostream& out)
      : request_(request),
        matcher_(request.trace.empty() ? std::nullopt : std::optional<TraceMatcher>(request.trace)),
        printer_(terminal, out),
        out_(out) {}

  void run(const std::vector<LogFile>& files, ReadCounts& counts) {
    // Somebody may be watching a pipe: `tail -f app.log | waybill query ... -`.
    flushes_ = std::ranges::any_of(files, &LogFile::is_stdin);
    if (request_.sort) {
      run_sorted(files, counts);
    } else {
      run_in_file_order(files, counts);
    }
    out_.flush();
  }

  bool found_any() const noexcept { return printed_ > 0; }

 private:
  bool at_limit() const noexcept { return request_.limit && printed_ >= *request_.limit; }

  void run_in_file_order(const std::vector<LogFile>& files, ReadCounts& counts) {
    for (const LogFile& file : files) {
      RecordReader reader(file, counts, line_test());
      for (Record record; !at_limit() && reader.next(record);) {
        if (is_wanted(record)) print(record);
      }
    }
  }

  void run_sorted(const std::vector<LogFile>& files, ReadCounts& counts) {
    TimeMerge merge(
        files, counts, [this](const Record& record) { return is_wanted(record); }, line_test());
    for (Record record; !at_limit() && merge.next(record);) print(record);
  }

  RecordReader::LineTest line_test() {
    if (!matcher_) return {};
    return [this](std::string_view line) { return matcher_->may_match(line); };
  }

  bool is_wanted(const Record& record) {
    if (matcher_ && matcher_->match(record.trace_id) == TraceMatcher::Match::kNo) return false;
    return matches(request_.filter, record);
  }

  void print(const Record& record) {
    ++printed_;
    if (request_.json) {
      out_ << escape_json_line(record.line) << '\n';
    } else {
      printer_.print(record);
    }
    if (flushes_) out_.flush();
  }

  const QueryRequest& request_;
  std::optional<TraceMatcher> matcher_;
  RecordPrinter printer_;
  std::ostream& out_;
  std::uint64_t printed_ = 0;
  bool flushes_ = false;
};

}  // namespace

ExitStatus run_query(const QueryRequest& request, const Terminal& terminal, std::ostream& out,
                     std::ostream& err) {
  ReadCounts counts;
  const std::vector<LogFile> files = find_log_files(request.paths, counts.unreadable);
  Query query(request, terminal, out);
  query.run(files, counts);
  err << describe_skipped(counts);
  if (!counts.unreadable.empty()) return ExitStatus::kError;
  return query.found_any() ? ExitStatus::kFound : ExitStatus::kNothing;
}

}  // namespace waybill::cli
