#include <bit>
#include <cstdint>
#include <cstring>

#include <waybill/core/hex.h>
#include <waybill/core/utf8.h>
#include <waybill/propagation/internal/json_scan.h>

namespace waybill::internal {
namespace {

// Which of the containers around a place are objects, one bit each, the innermost lowest. No
// recursion, so that no input can exhaust the stack.
class Nesting {
 public:
  explicit Nesting(int max_depth) noexcept : max_depth_(max_depth) {}

  bool empty() const noexcept { return depth_ == 0; }
  bool in_object() const noexcept { return (objects_ & 1) != 0; }
  char closing() const noexcept { return in_object() ? '}' : ']'; }
  bool open(bool object) noexcept {
    if (depth_ == max_depth_) return false;
    objects_ = objects_ << 1 | static_cast<std::uint64_t>(object);
    ++depth_;
    return true;
  }
  void close() noexcept {
    objects_ >>= 1;
    --depth_;
  }

 private:
  static_assert(kMaxJsonDepth <= 64);
  std::uint64_t objects_ = 0;
  int depth_ = 0;
  int max_depth_;
};

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

const char* skip_digits(const char* p, const char* end) noexcept {
  if (p == end || !is_digit(*p)) return nullptr;
  while (p != end && is_digit(*p)) ++p;
  return p;
}

const char* skip_literal(const char* p, const char* end, std::string_view literal) noexcept {
  const std::string_view rest(p, static_cast<std::size_t>(end - p));
  return rest.substr(0, literal.size()) == literal ? p + literal.size() : nullptr;
}

const char* skip_scalar(const char* p, const char* end) noexcept {
  switch (*p) {
    case '"':
      return skip_json_string(p, end);
    case 't':
      return skip_literal(p, end, "true");
    case 'f':
      return skip_literal(p, end, "false");
    case 'n':
      return skip_literal(p, end, "null");
    default:
      return skip_json_number(p, end);
  }
}

// A member's name and the colon behind it.
const char* skip_name(const char* p, const char* end) noexcept {
  p = skip_json_space(p, end);
  p = skip_json_string(p, end);
  if (p == nullptr) return nullptr;
  p = skip_json_space(p, end);
  return p != end && *p == ':' ? p + 1 : nullptr;
}

// What is a container's opening bracket, and the name of the first member of an object. Behind it
// stands a value, or (then `*is_empty`) the closing bracket.
const char* open_container(const char* p, const char* end, Nesting& nesting,
                           bool* is_empty) noexcept {
  if (!nesting.open(*p == '{')) return nullptr;
  p = skip_json_space(p + 1, end);
  *is_empty = p != end && *p == nesting.closing();
  if (*is_empty || !nesting.in_object()) return p;
  return skip_name(p, end);
}

// Closes containers behind a value as far as they end there. Behind it stands the next value, or,
// with nothing left open, the end.
const char* close_containers(const char* p, const char* end, Nesting& nesting) noexcept {
  while (!nesting.empty()) {
    p = skip_json_space(p, end);
    if (p == end) return nullptr;
    if (*p == ',') return nesting.in_object() ? skip_name(p + 1, end) : p + 1;
    if (*p != nesting.closing()) return nullptr;
    nesting.close();
    ++p;
  }
  return p;
}

const char* skip_escape(const char* p, const char* end) noexcept {
  if (end - p < 2) return nullptr;
  constexpr std::string_view kShortEscapes = "\"\\/bfnrt";
  if (kShortEscapes.find(p[1]) != std::string_view::npos) return p + 2;
  if (p[1] != 'u' || end - p < 6) return nullptr;
  for (int i = 2; i < 6; ++i) {
    if (hex::digit(p[i]) < 0) return nullptr;
  }
  return p + 6;
}

// Printable ASCII but for quote and backslash: what needs no second look in a string.
bool is_plain(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
}

// To the first character that is not plain, eight at a time.
const char* skip_plain(const char* p, const char* end) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighBits = 0x80 * kOnes;
  // The high bit of each byte that is below 0x20, or zero. Borrows reach upwards alone, so that the
  // lowest one that is set is right.
  const auto below_space = [](std::uint64_t word) { return (word - 0x20 * kOnes) & ~word; };
  const auto zero = [](std::uint64_t word) { return (word - kOnes) & ~word; };
  while (end - p >= 8) {
    std::uint64_t word;
    std::memcpy(&word, p, sizeof word);
    const std::uint64_t found =
        (word | below_space(word) | zero(word ^ ('"' * kOnes)) | zero(word ^ ('\\' * kOnes))) &
        kHighBits;
    if (found != 0) {
      if constexpr (std::endian::native == std::endian::little)
        return p + std::countr_zero(found) / 8;
      break;
    }
    p += 8;
  }
  while (p != end && is_plain(*p)) ++p;
  return p;
}

}  // namespace

const char* skip_json_space(const char* p, const char* end) noexcept {
  while (p != end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) ++p;
  return p;
}

const char* skip_json_string(const char* p, const char* end) noexcept {
  if (p == end || *p != '"') return nullptr;
  ++p;
  while ((p = skip_plain(p, end)) != end) {
    const auto byte = static_cast<std::uint8_t>(*p);
    if (byte == '"') return p + 1;
    if (byte < 0x20) return nullptr;
    if (byte == '\\') {
      p = skip_escape(p, end);
      if (p == nullptr) return nullptr;
    } else {
      const Utf8Step step = utf8_step(p, end);
      if (!step.valid) return nullptr;
      p += step.size;
    }
  }
  return nullptr;
}

const char* skip_json_number(const char* p, const char* end) noexcept {
  if (p != end && *p == '-') ++p;
  const bool leading_zero = p != end && *p == '0';
  p = leading_zero ? p + 1 : skip_digits(p, end);
  if (p != nullptr && p != end && *p == '.') p = skip_digits(p + 1, end);
  if (p != nullptr && p != end && (*p == 'e' || *p == 'E')) {
    ++p;
    if (p != end && (*p == '+' || *p == '-')) ++p;
    p = skip_digits(p, end);
  }
  return p;
}

const char* skip_json_value(const char* p, const char* end, int max_depth) noexcept {
  Nesting nesting(max_depth);
  do {
    p = skip_json_space(p, end);
    if (p == end) return nullptr;
    if (*p == '{' || *p == '[') {
      bool is_empty;
      p = open_container(p, end, nesting, &is_empty);
      if (p == nullptr) return nullptr;
      if (!is_empty) continue;
    } else {
      p = skip_scalar(p, end);
      if (p == nullptr) return nullptr;
    }
    p = close_containers(p, end, nesting);
    if (p == nullptr) return nullptr;
  } while (!nesting.empty());
  return p;
}

JsonObjectReader::JsonObjectReader(std::string_view text, int depth) noexcept
    : p_(text.data()), end_(text.data() + text.size()), depth_(depth) {}

bool JsonObjectReader::next(JsonMember* member) noexcept {
  if (state_ == State::kEnd || state_ == State::kInvalid) return false;
  p_ = skip_json_space(p_, end_);
  if (p_ == end_) return fail();
  const char* comma = nullptr;
  if (state_ == State::kStart) {
    if (*p_ != '{' || depth_ >= kMaxJsonDepth) return fail();
    p_ = skip_json_space(p_ + 1, end_);
    if (p_ != end_ && *p_ == '}') return finish();
  } else {
    if (*p_ == '}') return finish();
    if (*p_ != ',') return fail();
    comma = p_;
    p_ = skip_json_space(p_ + 1, end_);
  }
  return read_member(member, comma);
}

bool JsonObjectReader::read_member(JsonMember* member, const char* comma) noexcept {
  const char* const name = p_;
  const char* const name_end = skip_json_string(name, end_);
  if (name_end == nullptr) return fail();
  const char* value = skip_json_space(name_end, end_);
  if (value == end_ || *value != ':') return fail();
  value = skip_json_space(value + 1, end_);
  const char* const value_end = skip_json_value(value, end_, kMaxJsonDepth - depth_ - 1);
  if (value_end == nullptr) return fail();

  member->key = {name + 1, static_cast<std::size_t>(name_end - name - 2)};
  member->value = {value, static_cast<std::size_t>(value_end - value)};
  member->comma = comma;
  p_ = value_end;
  state_ = State::kInside;
  return true;
}

// At the closing brace: the object ends, and nothing may follow it.
bool JsonObjectReader::finish() noexcept {
  state_ = skip_json_space(p_ + 1, end_) == end_ ? State::kEnd : State::kInvalid;
  return false;
}

bool JsonObjectReader::fail() noexcept {
  state_ = State::kInvalid;
  return false;
}

}  // namespace waybill::internal
