// Contextual<E>: an error that is returned, with the context in which it arose.
//
//   using Quote = std::expected<double, waybill::Contextual<Errc>>;     // or tl::expected,
//                                                                       // boost::outcome, variant
//   return std::unexpected(waybill::with_context(Errc::kNoQuote));
//   ...
//   log.error("no price: {}", quote.error());       // prints the Errc, and where it was returned
//
// A copy of E and what RaisedIn knows, no more: it fits wherever an E does, compares as one, and is
// formatted as one. enrich(result.error()) adds what it lacks.
#pragma once

#include <concepts>
#include <exception>
#include <source_location>
#include <system_error>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include <waybill/core/raised_in.h>

namespace waybill {

template <class E>
class Contextual : public RaisedIn {
 public:
  // Implicit, so that what returns an E may return it as it did.
  Contextual(E error, const std::source_location& where = std::source_location::current())
      : RaisedIn(where), error_(std::move(error)) {}

  const E& error() const& noexcept { return error_; }
  E& error() & noexcept { return error_; }
  E&& error() && noexcept { return std::move(error_); }

  friend bool operator==(const Contextual& a, const Contextual& b) { return a.error_ == b.error_; }
  friend bool operator==(const Contextual& a, const E& b) { return a.error_ == b; }

 private:
  E error_;
};

template <class E>
[[nodiscard]] Contextual<std::decay_t<E>> with_context(
    E&& error, const std::source_location& where = std::source_location::current()) {
  return {std::forward<E>(error), where};
}

template <class E>
const Context& context_of(const Contextual<E>& error) noexcept {
  return error.raised_in();
}

}  // namespace waybill

// As E; a std::error_code as the logger writes it, an exception as its what().
template <class E>
struct fmt::formatter<waybill::Contextual<E>> : fmt::formatter<E> {
  template <class FormatContext>
  auto format(const waybill::Contextual<E>& error, FormatContext& context) const {
    return fmt::formatter<E>::format(error.error(), context);
  }
};
template <>
struct fmt::formatter<waybill::Contextual<std::error_code>> : fmt::formatter<fmt::string_view> {
  template <class FormatContext>
  auto format(const waybill::Contextual<std::error_code>& error, FormatContext& context) const {
    const std::error_code& code = error.error();
    return fmt::formatter<fmt::string_view>::format(
        fmt::format("{} ({}:{})", code.message(), code.category().name(), code.value()), context);
  }
};
template <std::derived_from<std::exception> E>
struct fmt::formatter<waybill::Contextual<E>> : fmt::formatter<fmt::string_view> {
  template <class FormatContext>
  auto format(const waybill::Contextual<E>& error, FormatContext& context) const {
    return fmt::formatter<fmt::string_view>::format(error.error().what(), context);
  }
};
