#include <any>
#include <filesystem>
#include <functional>
#include <future>
#include <ios>
#include <memory>
#include <new>
#include <optional>
#include <regex>
#include <stdexcept>
#include <system_error>
#include <typeinfo>
#include <variant>

#include <waybill/core/error_chain.h>
#include <waybill/error/enrich.h>

namespace waybill::detail {
namespace {

template <class E>
std::exception_ptr enrich_if(const std::exception& error, const Context& context) {
  const auto* known = dynamic_cast<const E*>(&error);
  return known != nullptr ? std::make_exception_ptr(Enriched<E>(*known, context)) : nullptr;
}

template <class... Classes>
std::exception_ptr enrich_as_first_of(const std::exception& error, const Context& context) {
  std::exception_ptr enriched;
  (void)((enriched = enrich_if<Classes>(error, context), enriched != nullptr) || ...);
  return enriched;
}

// The standard's, the most derived first.
std::exception_ptr enrich_standard(const std::exception& error, const Context& context) {
  if (dynamic_cast<const std::runtime_error*>(&error) != nullptr) {
    return enrich_as_first_of<std::filesystem::filesystem_error, std::ios_base::failure,
                              std::system_error, std::regex_error, std::range_error,
                              std::overflow_error, std::underflow_error, std::runtime_error>(
        error, context);
  }
  if (dynamic_cast<const std::logic_error*>(&error) != nullptr) {
    return enrich_as_first_of<std::out_of_range, std::invalid_argument, std::length_error,
                              std::domain_error, std::future_error, std::logic_error>(error,
                                                                                      context);
  }
  return enrich_as_first_of<std::bad_array_new_length, std::bad_alloc, std::bad_any_cast,
                            std::bad_cast, std::bad_typeid, std::bad_optional_access,
                            std::bad_variant_access, std::bad_weak_ptr, std::bad_function_call,
                            std::bad_exception, std::exception>(error, context);
}

// Within a handler of the error.
std::exception_ptr enrich_caught(const std::exception* standard, const Context& context,
                                 std::initializer_list<EnrichKnown> known) {
  for (const EnrichKnown enrich_known : known) {
    if (std::exception_ptr enriched = enrich_known(context)) return enriched;
  }
  return standard != nullptr ? enrich_standard(*standard, context) : nullptr;
}

// Null where there is nothing to add, or nothing to add it to.
std::exception_ptr enrich_or_null(const std::exception_ptr& error, const Context& context,
                                  std::initializer_list<EnrichKnown> known) {
  const ErrorChain chain(error);
  if (completed(chain.raised_in(), context) == chain.raised_in()) return nullptr;
  try {
    std::rethrow_exception(error);
  } catch (const RaisedIn& carrier) {
    carrier.complete(context);
    return nullptr;
  } catch (const std::exception& standard) {
    return enrich_caught(&standard, context, known);
  } catch (...) {
    return enrich_caught(nullptr, context, known);
  }
}

}  // namespace

std::exception_ptr enrich(const std::exception_ptr& error, const Context& context,
                          std::initializer_list<EnrichKnown> known) noexcept {
  if (error == nullptr || context.empty()) return error;
  try {
    std::exception_ptr enriched = enrich_or_null(error, context, known);
    return enriched != nullptr ? enriched : error;
  } catch (...) {  // no memory
    return error;
  }
}

}  // namespace waybill::detail
