// enrich(): gives an error the context in which it is caught, if it was raised without one.
//
//   try {
//     library_call();
//   } catch (...) {
//     waybill::rethrow_enriched();                 // in place of `throw;`
//   }
//
//   std::exception_ptr error = waybill::enrich(std::current_exception());   // to hand on
//
// What the error knows stays: trace, span and fields of where it was raised are not replaced, only
// what it lacks is added, such as a run_id. What becomes of it:
//
//   WithContext, waybill::Error, Contextual    are completed in place, and stay what they are
//   standard exceptions                        become an Enriched<E> of the same E: a copy, caught
//                                              by the same `catch` clauses, what() the same
//   classes named: enrich<LibraryError>(e)     likewise
//   classes derived from one of these          likewise of the nearest of these. A `catch` for the
//                                              class itself does NOT take it any more: name it
//   anything else (`throw 42`)                 stays as it is: what catches it matters more
//
// An Enriched has the original as nested exception (std::rethrow_if_nested); ErrorChain, the logger
// and context_of() see through it. The price is that copy: there is no place in a foreign exception
// to put a context, and a table beside it, by address, would outlive the exception or mistake a
// later one for it.
//
// Any thread. Nothing is thrown: without memory, the error stays as it is.
#pragma once

#include <concepts>
#include <exception>
#include <initializer_list>
#include <type_traits>

#include <waybill/core/context.h>
#include <waybill/core/raised_in.h>

namespace waybill {

// An E that was caught, with the context in which it was. Made by enrich().
template <class E>
class Enriched final : public E, public Enrichment {
  static_assert(!std::derived_from<E, RaisedIn>, "is completed in place");
  static_assert(!std::derived_from<E, std::nested_exception>, "name the class that it nests in");

 public:
  // While `error` is the current exception.
  Enriched(const E& error, const Context& context) : E(error), Enrichment(context) {
    // The text is that of the original, which this keeps: of something derived from E, a copy of
    // the E alone may have another.
    if constexpr (std::derived_from<E, std::exception>) what_ = error.what();
  }

  const char* what() const noexcept { return what_; }

 private:
  const char* what_ = "";
};

namespace detail {

// Calls itself with the current exception: null where there is nothing to be put around.
using EnrichKnown = std::exception_ptr (*)(const Context& context);

std::exception_ptr enrich(const std::exception_ptr& error, const Context& context,
                          std::initializer_list<EnrichKnown> known) noexcept;

// The current exception as an Enriched<E>, if it is an E.
template <class E>
std::exception_ptr enrich_current(const Context& context) {
  try {
    throw;
  } catch (const E& error) {
    return std::make_exception_ptr(Enriched<E>(error, context));
  } catch (...) {
    return nullptr;
  }
}

}  // namespace detail

// Classes are tried in the order given, then the standard ones: name the most derived first.
template <class... Classes>
[[nodiscard]] std::exception_ptr enrich(const std::exception_ptr& error,
                                        const Context& context = Context::current()) noexcept {
  return detail::enrich(error, context, {&detail::enrich_current<Classes>...});
}

// In place, for those that can: then `throw;`, or return it.
inline void enrich(const RaisedIn& error, const Context& context = Context::current()) noexcept {
  error.complete(context);
}

// Within a `catch` block: throws the current exception, enriched.
template <class... Classes>
[[noreturn]] void rethrow_enriched() {
  const std::exception_ptr error = enrich<Classes...>(std::current_exception());
  if (error == nullptr) std::terminate();  // as `throw;` does
  std::rethrow_exception(error);
}

}  // namespace waybill
