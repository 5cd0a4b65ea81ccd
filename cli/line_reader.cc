#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <unistd.h>

#include <cli/line_reader.h>

namespace waybill::cli {

LineReader::LineReader(int fd, std::size_t piece)
    : fd_(fd), piece_(piece), capacity_(piece), buffer_(new char[piece]) {}

bool LineReader::next(std::string_view& line) {
  while (true) {
    const char* const from = buffer_.get() + scanned_;
    const void* const found = std::memchr(from, '\n', end_ - scanned_);
    if (found != nullptr) {
      const auto size =
          static_cast<std::size_t>(static_cast<const char*>(found) - (buffer_.get() + begin_));
      line = take(size);
      begin_ = std::min(begin_ + 1, end_);
    } else {
      scanned_ = end_;
      if (end_ - begin_ > kLongestLine || skipping_) {
        skipping_ = true;
        begin_ = scanned_ = end_ = 0;
      }
      if (refill()) continue;
      if (begin_ == end_ && !skipping_) return false;
      line = take(end_ - begin_);
    }
    scanned_ = begin_;
    if (!std::exchange(skipping_, false) && line.size() <= kLongestLine) return true;
    ++too_long_;
  }
}

// Consumes `size` bytes; leaves out a carriage return at their end and, at the very beginning, a
// byte order mark.
std::string_view LineReader::take(std::size_t size) {
  std::string_view line(buffer_.get() + begin_, size);
  begin_ += size;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (std::exchange(first_, false) && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  return line;
}

bool LineReader::refill() {
  if (error_ != 0) return false;
  make_room();
  ssize_t got = 0;
  do {
    got = ::read(fd_, buffer_.get() + end_, capacity_ - end_);
  } while (got < 0 && errno == EINTR);
  if (got < 0) error_ = errno;
  if (got <= 0) return false;
  end_ += static_cast<std::size_t>(got);
  return true;
}

// Moves what is left to the front; grows when a line fills more than half of the buffer.
void LineReader::make_room() {
  const std::size_t rest = end_ - begin_;
  if (rest > capacity_ / 2) {
    const std::size_t larger = std::min(2 * capacity_, kLongestLine + piece_ + 1);
    if (larger > capacity_) {
      std::unique_ptr<char[]> buffer(new char[larger]);
      std::memcpy(buffer.get(), buffer_.get() + begin_, rest);
      buffer_ = std::move(buffer);
      capacity_ = larger;
      scanned_ -= begin_;
      begin_ = 0;
      end_ = rest;
      return;
    }
  }
  if (begin_ == 0) return;
  std::memmove(buffer_.get(), buffer_.get() + begin_, rest);
  scanned_ -= begin_;
  begin_ = 0;
  end_ = rest;
}

}  // namespace waybill::cli
