// WithContext<Base>: an exception class that is a Base and knows the context in which it was made.
//
//   class OrderError : public waybill::WithContext<std::runtime_error> {
//    public:
//     explicit OrderError(const std::string& id,
//                         const std::source_location& where = std::source_location::current())
//         : WithContext("order " + id + " is rejected", where) {}
//   };
//
//   class ConfigError : public waybill::WithContext<std::runtime_error> {
//     using WithContext::WithContext;              // Base's constructors, and `where` by itself
//   };
//
// Put it at the root of a hierarchy of your own: whatever derives from that root has it. `catch`
// clauses for Base and for what Base derives from stay as they are.
#pragma once

#include <concepts>
#include <source_location>
#include <type_traits>
#include <utility>

#include <waybill/core/raised_in.h>

namespace waybill {

template <class Base>
class WithContext : public Base, public RaisedIn {
  static_assert(!std::is_base_of_v<RaisedIn, Base>, "the base knows its context already");

 public:
  explicit WithContext(const std::source_location& where = std::source_location::current())
    requires std::default_initializable<Base>
      : RaisedIn(where) {}

  // Whatever Base is made of. The place is known for one argument, or if it comes last.
  template <class Argument>
    requires(std::constructible_from<Base, Argument> &&
             !std::derived_from<std::remove_cvref_t<Argument>, WithContext>)
  explicit WithContext(Argument&& argument,
                       const std::source_location& where = std::source_location::current())
      : Base(std::forward<Argument>(argument)), RaisedIn(where) {}

  template <class First, class Second, class... More>
    requires std::constructible_from<Base, First, Second, More...>
  WithContext(First&& first, Second&& second, More&&... more)
      : Base(std::forward<First>(first), std::forward<Second>(second),
             std::forward<More>(more)...) {}

  template <class First, class Second>
    requires std::constructible_from<Base, First, Second>
  WithContext(First&& first, Second&& second, const std::source_location& where)
      : Base(std::forward<First>(first), std::forward<Second>(second)), RaisedIn(where) {}
};

}  // namespace waybill
