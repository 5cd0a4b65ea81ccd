// LineReader: the lines of an open file, one at a time, in bounded memory.
//
// Reads large pieces and hands out views into them. Lines longer than kLongestLine are skipped and
// counted. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace waybill::cli {

class LineReader {
 public:
  static constexpr std::size_t kLongestLine = std::size_t{1} << 20;
  static constexpr std::size_t kDefaultPiece = std::size_t{256} << 10;

  // Does not take the descriptor over. `piece` is how much is read at once; memory in use is that,
  // and as much more as the longest line needs.
  explicit LineReader(int fd, std::size_t piece = kDefaultPiece);

  // The next line, without its end ("\n" or "\r\n"); the view is valid until the next call. False
  // at the end of the file, or when reading failed. Returns as soon as a line is there: a slow pipe
  // is read as it comes.
  bool next(std::string_view& line);

  std::uint64_t too_long() const noexcept { return too_long_; }
  // The errno of a read that failed, or 0.
  int error() const noexcept { return error_; }

 private:
  bool refill();
  void make_room();
  std::string_view take(std::size_t size);

  int fd_;
  std::size_t piece_;
  std::size_t capacity_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;    // of what was read and not yet handed out
  std::size_t end_ = 0;      // of what was read
  std::size_t scanned_ = 0;  // up to here there is no line end after begin_
  bool skipping_ = false;    // inside a line that is too long
  bool first_ = true;
  std::uint64_t too_long_ = 0;
  int error_ = 0;
};

}  // namespace waybill::cli
