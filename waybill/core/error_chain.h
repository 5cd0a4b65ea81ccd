// ErrorChain: an error, what caused it, what caused that, and the context in which it began.
//
//   catch (const std::exception& error) {
//     for (const auto& link : waybill::ErrorChain(error).links()) ...   // the caught one first
//
// Follows std::nested_exception (std::throw_with_nested). The context of a chain is that of its
// innermost error that knows one (raised_in.h), completed by what the errors around it know: the
// trace and span in which it began, and every field that somebody has added on the way.
//
// One thread at a time. Nothing here throws.
#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <source_location>
#include <span>
#include <string>
#include <string_view>

#include <waybill/core/context.h>

namespace waybill {

class RaisedIn;

class ErrorChain {
 public:
  // What lies deeper is left out.
  static constexpr std::size_t kMostLinks = 8;

  struct Link {
    const char* type = "";  // as std::type_info::name() has it; see readable_type_name()
    std::string_view message = {};
  };

  // Refers to the exception.
  explicit ErrorChain(const std::exception& error) noexcept;
  // Keeps the exception. Null, or what is no std::exception, has a link that says so.
  explicit ErrorChain(std::exception_ptr error) noexcept;

  std::span<const Link> links() const noexcept { return {links_.data(), size_}; }

  // Empty where no error of the chain knows one.
  const Context& raised_in() const noexcept { return raised_in_; }
  // Of the innermost error that knows; line() is 0 where none does.
  const std::source_location& raised_at() const noexcept { return raised_at_; }

 private:
  class Walk;

  std::array<Link, kMostLinks> links_;
  std::size_t size_ = 0;
  Context raised_in_;
  std::source_location raised_at_;
  std::exception_ptr keeps_alive_;
};

// "std::runtime_error" for the name of its std::type_info; what std::throw_with_nested() makes of
// a type has that type's name. What cannot be read is returned as it is. Throws std::bad_alloc.
std::string readable_type_name(const char* type);

}  // namespace waybill
