// Baggage: the header `baggage` of W3C Baggage, what a request carries along for whoever serves it:
// "userId=alice,serverNode=DF%2028,isProduction=false".
//
//   Scope scope{set_baggage(Context::current(), "tenant", "Acme & Sons")};  // goes with requests
//   get_baggage(Context::current(), "tenant");                              // "Acme & Sons"
//
//   Baggage baggage = Baggage::of(Context::current());
//   baggage.set("tenant", "Acme & Sons", {{"ttl", "3"}, {"private"}});     // with properties
//   Context changed = Context::current().with_baggage(baggage.to_string());
//
// Whoever serves the request can read all of it: it is sent to, and taken from, trusted sides only.
//
// Keys are tokens (letters, digits and !#$%&'*+-.^_`|~) and compare with regard to case. Values are
// any text: percent-encoded in the header, plain in all calls here. A value type; calls that do not
// change it may run together.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/core/context.h>

namespace waybill {

inline constexpr std::string_view kBaggageHeader = "baggage";

class Baggage {
 public:
  // The size every system has to carry (section 3.3.2), and the members its grammar allows (section
  // 3.3.1); each has to carry 64.
  static constexpr std::size_t kMaxSize = 8192;
  static constexpr std::size_t kMaxMembers = 180;
  // Longer headers are refused unread.
  static constexpr std::size_t kMaxHeaderSize = 2 * kMaxSize;

  // What a member's sender has to say about it; the standard gives none a meaning.
  struct Property {
    std::string key;
    std::optional<std::string> value = std::nullopt;
    friend bool operator==(const Property&, const Property&) = default;
  };

  struct Member {
    std::string key;
    std::string value;
    std::vector<Property> properties = {};
    friend bool operator==(const Member&, const Member&) = default;
  };

  Baggage() = default;

  // What of the header is valid and within the limits, in its order; normalize_baggage() tells what
  // was left out.
  static Baggage parse(std::string_view header);

  // The context's baggage. Context::with_baggage() puts a changed one in its place.
  static Baggage of(const Context& context);

  // The value; of several members with the key, that of the last. What of it is not UTF-8 reads as
  // U+FFFD.
  std::optional<std::string> get(std::string_view key) const;

  // Replaces the members with that key, in the place of the first; where there are none, adds one
  // at the end. False, and nothing changed, when the list would be beyond the limits, and for a key
  // that is empty or not ASCII.
  //
  // A key that is no token is percent-encoded, and is then found by either spelling; receivers see
  // it encoded. Properties are written likewise; those without a key of ASCII are left out.
  bool set(std::string_view key, std::string_view value,
           const std::vector<Property>& properties = {});

  // Removes all members with that key. False when there are none.
  bool remove(std::string_view key);

  // All of them, in order. Keys may be there several times: who sends them on has to keep them
  // (section 3.3.1.1), and the last one counts.
  std::vector<Member> members() const;

  // The same without properties and without a copy: f(std::string_view key, std::string_view value)
  // for each member. The views are valid until `f` returns.
  template <class F>
  void for_each(F&& f) const {
    std::string storage;
    for (std::string_view rest = text_; !rest.empty();) {
      const KeyAndValue member = take_member(rest, storage);
      f(member.key, member.value);
    }
  }

  bool empty() const noexcept { return text_.empty(); }
  std::size_t size() const noexcept;  // the number of members, by counting them

  // The header. "" when there are no members: there is then no header to be sent.
  const std::string& to_string() const noexcept { return text_; }

  friend bool operator==(const Baggage&, const Baggage&) noexcept = default;

 private:
  struct KeyAndValue {
    std::string_view key;
    std::string_view value;
  };
  static KeyAndValue take_member(std::string_view& rest, std::string& storage);

  std::string text_;  // always in normal form
};

// A header as normalize_baggage() leaves it.
struct NormalizedBaggage {
  std::string_view text;
  std::size_t malformed = 0;  // members left out, because they are not as the standard says
  std::size_t too_long = 0;   // members left out for want of room; 1 for a header refused unread

  friend bool operator==(const NormalizedBaggage&, const NormalizedBaggage&) noexcept = default;
};

// The header in the form that Baggage::parse(header).to_string() has: without optional whitespace,
// empty members and empty properties, members that are malformed in any part of theirs, and, taken
// from the first to the last, those that no room is left for. A header in that form already is
// checked, not copied: the text is then `header` itself, else in `storage`. `header` may be a view
// into `storage`.
NormalizedBaggage normalize_baggage(std::string_view header, std::string& storage);

// Baggage::get(), set() and remove() on a context's baggage. Where they would change nothing, the
// result is the context itself.
std::optional<std::string> get_baggage(const Context& context, std::string_view key);
[[nodiscard]] Context set_baggage(const Context& context, std::string_view key,
                                  std::string_view value,
                                  const std::vector<Baggage::Property>& properties = {});
[[nodiscard]] Context remove_baggage(const Context& context, std::string_view key);

}  // namespace waybill
