// make_error(): an error with a formatted message, and the place of the call.
//
//   throw waybill::make_error("cannot read {}: line {}", path, line);     // a waybill::Error
//   throw waybill::make_error<ConfigError>("unknown venue '{}'", venue);
//
// Format strings are fmt's, checked when the program is compiled.
#pragma once

#include <concepts>
#include <source_location>
#include <string>
#include <type_traits>

#include <fmt/format.h>

#include <waybill/core/error.h>

namespace waybill {

// A format string and where it stands.
template <class... Args>
struct ErrorFormat {
  template <class Text>
    requires std::convertible_to<const Text&, fmt::string_view>
  consteval ErrorFormat(const Text& format,
                        const std::source_location& place = std::source_location::current())
      : text(format), where(place) {}

  fmt::format_string<const Args&...> text;
  std::source_location where;
};

// E is made from a std::string, and from the place if it takes one. Throws what formatters throw.
template <class E = Error, class... Args>
  requires std::constructible_from<E, std::string>
[[nodiscard]] E make_error(ErrorFormat<std::type_identity_t<Args>...> format, const Args&... args) {
  std::string message = fmt::format(format.text, args...);
  if constexpr (std::constructible_from<E, std::string, const std::source_location&>) {
    return E(std::move(message), format.where);
  } else {
    return E(std::move(message));
  }
}

}  // namespace waybill
