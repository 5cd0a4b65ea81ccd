#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cli/record_reader.h>
#include <cli/text.h>

namespace waybill::cli {

namespace {

int open_log(const LogFile& file) noexcept {
  return file.is_stdin() ? STDIN_FILENO : ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
}

bool is_blank(std::string_view line) noexcept {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

bool looks_like_object(std::string_view line) noexcept {
  const auto first = line.find_first_not_of(" \t");
  return first != std::string_view::npos && line[first] == '{';
}

}  // namespace

RecordReader::RecordReader(const LogFile& file, ReadCounts& counts, LineTest worth_parsing,
                           std::size_t piece)
    : file_(file),
      counts_(counts),
      worth_parsing_(std::move(worth_parsing)),
      fd_(open_log(file)),
      lines_(fd_, piece) {
  if (fd_ >= 0) {
    ++counts_.files;
  } else {
    counts_.unreadable.push_back(file_.path + ": " + std::strerror(errno));
    finished_ = true;
  }
}

RecordReader::~RecordReader() {
  finish();
  if (fd_ >= 0 && !file_.is_stdin()) ::close(fd_);
}

bool RecordReader::next(Record& record) {
  if (finished_) return false;
  for (std::string_view line; lines_.next(line);) {
    if (!looks_like_object(line)) {
      if (!is_blank(line)) ++counts_.not_json;
    } else if (worth_parsing_ && !worth_parsing_(line)) {
      ++counts_.records;
    } else if (parse(line, record)) {
      return true;
    }
  }
  finish();
  return false;
}

bool RecordReader::parse(std::string_view line, Record& record) {
  if (!parser_.parse(line, file_.name, record)) {
    ++counts_.not_json;
    return false;
  }
  ++counts_.records;
  last_time_ = record.time.value_or(last_time_);
  record.order_time = last_time_;
  return true;
}

void RecordReader::finish() {
  if (std::exchange(finished_, true)) return;
  counts_.too_long += lines_.too_long();
  if (lines_.error() != 0) {
    counts_.unreadable.push_back(file_.path + ": " + std::strerror(lines_.error()));
  }
}

std::string describe_skipped(const ReadCounts& counts) {
  std::string text;
  if (counts.not_json > 0) {
    text += fmt::format("{} not JSON\n", counted(counts.not_json, "line was", "lines were"));
  }
  if (counts.too_long > 0) {
    text += fmt::format("{} longer than {} MiB and left out\n",
                        counted(counts.too_long, "line was", "lines were"),
                        LineReader::kLongestLine >> 20);
  }
  for (const std::string& why : counts.unreadable) text += escape(why) + "\n";
  return text;
}

}  // namespace waybill::cli
