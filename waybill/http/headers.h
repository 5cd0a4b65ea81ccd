// Headers: the header fields of one HTTP message (RFC 9110 section 5), in their order.
//
//   Headers headers{{"Content-Type", "application/json"}};
//   headers.add("Set-Cookie", "a=1");
//   headers.get("content-type");                       // "application/json"
//
// Names are compared without regard to case; one name may stand several times. What is in here can
// always be sent: a name that is not a token (RFC 9110 section 5.6.2) is not taken, and a control
// character in a value, a line break above all, becomes a space. So no value, wherever it came
// from, can add a header or end the head of a message.
//
// A plain value, as safe to share between threads as a std::vector. Only std::bad_alloc is thrown.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill::http {

struct Header {
  std::string name;
  std::string value;
};

class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> headers);

  // One more value of this name. False, and nothing added, when `name` is not a token.
  bool add(std::string_view name, std::string_view value);
  // The only value of this name, in the place of the first that was there. False as add().
  bool set(std::string_view name, std::string_view value);
  void erase(std::string_view name);

  // The first value. The view lives until the headers are changed.
  std::optional<std::string_view> get(std::string_view name) const noexcept;
  // All values, joined by "," (RFC 9110 section 5.3). Empty where there is none.
  std::string get_joined(std::string_view name) const;
  std::size_t count(std::string_view name) const noexcept;
  bool contains(std::string_view name) const noexcept { return count(name) != 0; }
  // Whether one of the members of this comma-separated list is `token`, in any case.
  bool lists_token(std::string_view name, std::string_view token) const noexcept;

  std::size_t size() const noexcept { return headers_.size(); }
  bool empty() const noexcept { return headers_.empty(); }
  auto begin() const noexcept { return headers_.begin(); }
  auto end() const noexcept { return headers_.end(); }

 private:
  std::vector<Header> headers_;
};

// RFC 9110 section 5.6.2: one or more of the visible characters that are no delimiters.
bool is_token(std::string_view text) noexcept;

}  // namespace waybill::http
