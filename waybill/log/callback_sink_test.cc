#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/log/callback_sink.h>

namespace waybill {
namespace {

TEST(CallbackSink, CallsWithEachRecord) {
  std::vector<std::string> messages;
  const auto sink =
      callback_sink([&](const LogRecord& record) { messages.emplace_back(record.message); });
  EXPECT_TRUE(sink->write({.message = "one"}));
  EXPECT_TRUE(sink->write({.message = "two"}));
  EXPECT_EQ(messages, (std::vector<std::string>{"one", "two"}));
}

TEST(CallbackSink, TakesAnExceptionForALoss) {
  const auto failing = callback_sink([](const LogRecord&) { throw std::runtime_error("no"); });
  EXPECT_FALSE(failing->write({}));
  const auto odd = callback_sink([](const LogRecord&) { throw 42; });
  EXPECT_FALSE(odd->write({}));
}

TEST(CallbackSink, NeedsAFunction) {
  EXPECT_THROW(callback_sink(nullptr), Error);
}

}  // namespace
}  // namespace waybill
