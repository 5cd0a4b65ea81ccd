// A reader of JSON that tells where things stand in the text instead of building values from it
// (RFC 8259). Strict: what the grammar does not allow, and strings that are not UTF-8, are invalid.
//
//   JsonObjectReader reader(text);
//   JsonMember member;
//   while (reader.next(&member)) ...          // member.key, member.value: views into text
//   if (!reader.is_valid()) ...               // it was not one JSON object after all
//
// Input is hostile: time is linear, nothing is allocated, nothing recurses, and nesting is bounded.
#pragma once

#include <string_view>

namespace waybill::internal {

// How deep arrays and objects may stand in each other, the outermost included.
inline constexpr int kMaxJsonDepth = 64;

struct JsonMember {
  std::string_view key;    // between its quotes, as it is spelled
  std::string_view value;  // as it is spelled
  const char* comma;       // the one before this member; null before the first

  const char* begin() const noexcept { return key.data() - 1; }
  const char* end() const noexcept { return value.data() + value.size(); }
  bool is_string() const noexcept { return value.front() == '"'; }
  // Between the quotes of a value that is_string().
  std::string_view string() const noexcept { return value.substr(1, value.size() - 2); }
};

class JsonObjectReader {
 public:
  // The text must stay where it is while it is read. `depth` is how many objects and arrays
  // it stands in, to which kMaxJsonDepth applies all the same.
  explicit JsonObjectReader(std::string_view text, int depth = 0) noexcept;

  // Goes on behind what is known to be this text's first member, of which `comma` is null. Called
  // before next().
  void skip_first(const JsonMember& member) noexcept {
    p_ = member.end();
    state_ = State::kInside;
  }

  // The next member, which is valid in itself; false when there is none, or the text is invalid.
  bool next(JsonMember* member) noexcept;

  // Whether the whole text is one JSON object and nothing else. Known once next() returned false.
  bool is_valid() const noexcept { return state_ == State::kEnd; }

 private:
  enum class State { kStart, kInside, kEnd, kInvalid };

  bool read_member(JsonMember* member, const char* comma) noexcept;
  bool finish() noexcept;
  bool fail() noexcept;

  const char* p_;
  const char* end_;
  int depth_;
  State state_ = State::kStart;
};

// Each returns the end of what begins at `p`, or null when it is not valid there.
const char* skip_json_string(const char* p, const char* end) noexcept;
const char* skip_json_number(const char* p, const char* end) noexcept;
const char* skip_json_value(const char* p, const char* end, int max_depth) noexcept;

// Spaces, tabs and line breaks.
const char* skip_json_space(const char* p, const char* end) noexcept;

}  // namespace waybill::internal
