#include <cstdlib>
#include <memory>
#include <typeinfo>
#include <utility>

#include <cxxabi.h>

#include <waybill/core/error_chain.h>
#include <waybill/core/raised_in.h>

namespace waybill {
namespace {

// The exception, if it is a T; it stays where it is while `error` does.
template <class T>
const T* thrown_as(const std::exception_ptr& error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (const T& thrown) {
    return &thrown;
  } catch (...) {
    return nullptr;
  }
}

const char* type_of(const std::exception_ptr& error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (...) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    return type != nullptr ? type->name() : "unknown";
  }
}

}  // namespace

// Goes from the caught error inwards, and then back with the contexts that it has met.
class ErrorChain::Walk {
 public:
  explicit Walk(ErrorChain& chain) noexcept : chain_(chain) {}

  void begin(const std::exception& error) noexcept {
    visit(error);
    go_on();
  }
  void begin(const std::exception_ptr& error) noexcept {
    nested_ = error;
    go_on();
  }

 private:
  // Of wrappers, which are no links, there may be as many.
  static constexpr std::size_t kMostSteps = 2 * kMostLinks;

  void go_on() noexcept {
    while (nested_ != nullptr && steps_ < kMostSteps && chain_.size_ < kMostLinks) {
      const std::exception_ptr error = std::exchange(nested_, nullptr);
      if (const auto* known = thrown_as<std::exception>(error)) {
        visit(*known);
      } else {
        visit(thrown_as<RaisedIn>(error), thrown_as<std::nested_exception>(error),
              {type_of(error), "not a std::exception"});
      }
    }
    collect();
  }

  void visit(const std::exception& error) noexcept {
    visit(dynamic_cast<const RaisedIn*>(&error), dynamic_cast<const std::nested_exception*>(&error),
          {typeid(error).name(), error.what()});
  }

  // What is nested is kept alive by what it is nested in.
  void visit(const RaisedIn* carrier, const std::nested_exception* nested,
             const Link& link) noexcept {
    carriers_[steps_++] = carrier;
    if (nested != nullptr) nested_ = nested->nested_ptr();
    const bool is_wrapper =
        nested_ != nullptr && dynamic_cast<const Enrichment*>(carrier) != nullptr;
    if (!is_wrapper) chain_.links_[chain_.size_++] = link;
  }

  void collect() noexcept {
    while (steps_ > 0) {
      const RaisedIn* carrier = carriers_[--steps_];
      if (carrier == nullptr) continue;
      if (chain_.raised_at_.line() == 0) chain_.raised_at_ = carrier->raised_at();
      try {
        chain_.raised_in_ = completed(chain_.raised_in_, carrier->raised_in());
      } catch (...) {  // no memory: what is known from further in
      }
    }
  }

  ErrorChain& chain_;
  std::exception_ptr nested_;
  std::array<const RaisedIn*, kMostSteps> carriers_;
  std::size_t steps_ = 0;
};

ErrorChain::ErrorChain(const std::exception& error) noexcept {
  Walk(*this).begin(error);
}

ErrorChain::ErrorChain(std::exception_ptr error) noexcept : keeps_alive_(std::move(error)) {
  if (keeps_alive_ == nullptr) {
    links_[size_++] = {"none", "no exception"};
  } else {
    Walk(*this).begin(keeps_alive_);
  }
}

std::string readable_type_name(const char* type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> plain(
      abi::__cxa_demangle(type, nullptr, nullptr, &status), &std::free);
  std::string name = plain != nullptr ? plain.get() : type;
  // libstdc++'s and libc++'s.
  for (const std::string_view wrapper : {"std::_Nested_exception<", "std::__1::__nested<"}) {
    if (!name.starts_with(wrapper) || !name.ends_with('>')) continue;
    name = name.substr(wrapper.size(), name.size() - wrapper.size() - 1);
    if (name.ends_with(' ')) name.pop_back();
  }
  return name;
}

}  // namespace waybill
