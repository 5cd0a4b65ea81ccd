// Tracestate: the header `tracestate` of W3C Trace Context Level 2 (section 3.3), a list of what
// tracing systems on the way have to say: "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE".
//
//   auto state = Tracestate::parse(header);         // empty when the header is not valid
//   state->set("rojo", "00f067aa0ba902b7");         // moves to the front, as the standard asks
//   state->to_string();
//
// At most 32 members, of at most 512 characters together; what is beyond is dropped by the
// standard's rule (section 3.3.3.1): first members of more than 128 characters, then the last ones.
// A value type; calls that do not change it may run together.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waybill {

inline constexpr std::string_view kTracestateHeader = "tracestate";

class Tracestate {
 public:
  static constexpr std::size_t kMaxMembers = 32;
  static constexpr std::size_t kMaxSize = 512;
  static constexpr std::size_t kMaxKeySize = 256;
  static constexpr std::size_t kMaxValueSize = 256;
  // Longer headers are refused unread: 32 members as long as they can be, and some space.
  static constexpr std::size_t kMaxHeaderSize = 32 * (256 + 256 + 2) + 1024;

  struct Member {
    std::string_view key;
    std::string_view value;
    friend bool operator==(const Member&, const Member&) noexcept = default;
  };

  Tracestate() = default;

  // Keeps the order, leaves out empty members and optional whitespace; of members with the same key
  // the first, which is the newest, is kept. Empty when any member is malformed or there are too
  // many.
  static std::optional<Tracestate> parse(std::string_view header);

  static bool is_valid_key(std::string_view key) noexcept;
  static bool is_valid_value(std::string_view value) noexcept;

  // The member's value. This view and those of members() are valid until the list changes.
  std::optional<std::string_view> get(std::string_view key) const noexcept;

  // Adds or updates a member and puts it in front. False, and nothing changed, when the key or the
  // value is not valid.
  bool set(std::string_view key, std::string_view value);

  // False when there is no such member.
  bool remove(std::string_view key);

  std::vector<Member> members() const;
  bool empty() const noexcept { return text_.empty(); }
  const std::string& to_string() const noexcept { return text_; }

  friend bool operator==(const Tracestate&, const Tracestate&) noexcept = default;

 private:
  std::string text_;  // always in normal form
};

// The header in the form that Tracestate::parse(header)->to_string() has; empty when it is not
// valid. A header in that form already is checked, not copied: the view is then `header` itself,
// else into `storage`.
std::optional<std::string_view> normalize_tracestate(std::string_view header, std::string& storage);

}  // namespace waybill
