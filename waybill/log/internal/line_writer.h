// LineWriter: puts a line together in a buffer of its own and appends it to a string in few large
// pieces. Whoever writes makes room first, and then writes where at() points.
//
//   LineWriter line(out);
//   line.put("msg=").put_escaped(message, escape_text);
//   line.flush();                              // `out` has it all now, and not before
#pragma once

#include <cassert>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

#include <waybill/core/escape_blocks.h>
#include <waybill/core/field.h>
#include <waybill/core/ids.h>
#include <waybill/log/internal/timestamp.h>
#include <waybill/log/record.h>

namespace waybill::internal {

// A text that is written into many lines.
class Literal {
 public:
  static constexpr std::size_t kMostSize = 512;

  Literal() noexcept = default;
  // Of at most kMostSize characters.
  explicit Literal(std::string_view text) : size_(text.size()), padded_(text) {
    assert(size_ <= kMostSize);
    padded_.resize((size_ + kEscapeBlock - 1) / kEscapeBlock * kEscapeBlock);
  }

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  std::string_view text() const noexcept { return {padded_.data(), size_}; }

  // Writes whole blocks; the text ends at what is returned.
  char* write(char* out) const noexcept {
    for (std::size_t at = 0; at < size_; at += kEscapeBlock) {
      std::memcpy(out + at, padded_.data() + at, kEscapeBlock);
    }
    return out + size_;
  }

 private:
  std::size_t size_ = 0;
  std::string padded_;
};

class LineWriter {
 public:
  explicit LineWriter(std::string& out) noexcept : out_(out) { buffer_[0] = '\0'; }
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  // Hands over what has been written.
  void flush() {
    out_.append(start(), static_cast<std::size_t>(at_ - start()));
    at_ = start();
  }

  // Sees to it that `size` characters can be written, at most kMostRoom of them.
  static constexpr std::size_t kMostRoom = Literal::kMostSize + kEscapeBlock;
  void make_room(std::size_t size) {
    if (static_cast<std::size_t>(limit() - at_) < size) flush();
  }
  char* at() noexcept { return at_; }
  void set_end(char* end) noexcept { at_ = end; }

  // The size that the string would have now.
  std::size_t written() const noexcept {
    return out_.size() + static_cast<std::size_t>(at_ - start());
  }

  LineWriter& put(char c) {
    make_room(1);
    *at_++ = c;
    return *this;
  }

  template <std::size_t kSize>
  LineWriter& put(const char (&text)[kSize]) {
    make_room(kSize);
    std::memcpy(at_, text, kSize - 1);
    at_ += kSize - 1;
    return *this;
  }

  LineWriter& put(const Literal& literal) {
    make_room(literal.size() + kEscapeBlock);
    at_ = literal.write(at_);
    return *this;
  }

  // But its first character, which separates it from what stands before.
  LineWriter& put_without_first(const Literal& literal) {
    make_room(literal.size() + kEscapeBlock);
    char* const overlap = at_ - 1;
    const char before = *overlap;
    at_ = literal.write(overlap);
    *overlap = before;
    return *this;
  }

  // What may be anything, through escape(text, end, out, limit): escape_json(), escape_text(), ….
  template <class Escape>
  LineWriter& put_escaped(std::string_view text, Escape escape) {
    const char* const end = text.data() + text.size();
    for (const char* p = text.data(); p != end;) {
      make_room(kEscapeRoom);
      const auto part = escape(p, end, at_, limit());
      at_ = part.written;
      p = part.read;
    }
    return *this;
  }

  // In their shortest exact form; infinities and what is not a number as "inf", "nan".
  template <class Number>
    requires std::integral<Number> || std::floating_point<Number>
  LineWriter& put_number(Number value) {
    make_room(kNumberRoom);
    at_ = std::to_chars(at_, at_ + kNumberRoom, value).ptr;
    return *this;
  }

  LineWriter& put_bool(bool value) { return value ? put("true") : put("false"); }

  // Anything but a text.
  LineWriter& put_scalar(const FieldValue& value) {
    switch (value.type()) {
      case FieldValue::Type::kString:
        break;
      case FieldValue::Type::kInt64:
        return put_number(value.as_int64());
      case FieldValue::Type::kUint64:
        return put_number(value.as_uint64());
      case FieldValue::Type::kDouble:
        return put_number(value.as_double());
      case FieldValue::Type::kBool:
        return put_bool(value.as_bool());
    }
    return *this;
  }

  LineWriter& put_time(std::chrono::system_clock::time_point time) {
    make_room(kTimestampSize);
    at_ = write_timestamp(at_, time);
    return *this;
  }

  LineWriter& put_id(const TraceId& id, TraceIdSpelling spelling = TraceIdSpelling::kHex) {
    make_room(TraceId::kUuidSize);
    at_ = spelling == TraceIdSpelling::kUuid ? id.write_uuid(at_) : id.write_hex(at_);
    return *this;
  }
  LineWriter& put_id(const SpanId& id) {
    make_room(SpanId::kHexSize);
    at_ = id.write_hex(at_);
    return *this;
  }

  // The trace's name where it has one, else its id.
  template <class Escape>
  LineWriter& put_trace(const LogRecord& record, TraceIdSpelling spelling, Escape escape) {
    if (!record.trace_name.empty()) return put_escaped(record.trace_name, escape);
    return put_id(record.trace_id, spelling);
  }

 private:
  static constexpr std::size_t kNumberRoom = 32;

  char* start() noexcept { return buffer_ + 1; }
  const char* start() const noexcept { return buffer_ + 1; }
  const char* limit() const noexcept { return buffer_ + sizeof buffer_; }

  std::string& out_;
  char* at_ = start();
  char buffer_[1025];  // the first is nobody's, so that there is always one before at()
};

}  // namespace waybill::internal
