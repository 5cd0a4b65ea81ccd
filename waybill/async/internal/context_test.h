// For tests: contexts that can be told apart and are counted, and the fixture that looks for
// leftovers.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <waybill/core/context_var.h>
#include <waybill/core/core.h>

namespace waybill::internal {

inline std::string current_name() {
  return std::string(Context::current().trace_name());
}
inline Context named(std::string_view name) {
  return Context::new_trace({.name = name});
}

// Lives in a context; none is left when every context has been released.
struct Counted {
  Counted() { ++alive; }
  Counted(const Counted&) { ++alive; }
  Counted& operator=(const Counted&) = default;
  ~Counted() { --alive; }
  static inline std::atomic<std::int64_t> alive{0};
};
inline const ContextVar<Counted> counted_variable;

// A context of this name that counts.
inline Context counted(std::string_view name) {
  return counted_variable.set_in(named(name), Counted());
}

// Every test leaves the thread as it was, and no context alive that it made with counted().
class ContextTest : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(Context::current().empty()) << "the test left a context";
    EXPECT_EQ(Counted::alive, 0) << "a context was not released";
  }
};

}  // namespace waybill::internal
