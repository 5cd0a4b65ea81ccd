#include <string>
#include <system_error>
#include <variant>

#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/error/error.h>

namespace waybill {
namespace {

enum class Errc { kNoQuote, kClosed };

using Quote = std::variant<double, Contextual<Errc>>;

Quote quote(std::string_view symbol) {
  const Scope scope{Context::current().with({{"symbol", symbol}})};
  if (symbol == "AAPL") return 150.25;
  return with_context(Errc::kNoQuote);
}

TEST(Contextual, KnowsWhereItWasReturned) {
  const Scope scope{Context::new_trace({.name = "batch-7"})};
  EXPECT_EQ(std::get<double>(quote("AAPL")), 150.25);
  const Quote none = quote("NONE");
  const auto& error = std::get<Contextual<Errc>>(none);
  EXPECT_EQ(error, Errc::kNoQuote);
  EXPECT_NE(error, Errc::kClosed);
  EXPECT_EQ(context_of(error).trace_name(), "batch-7");
  EXPECT_EQ(context_of(error).fields().find("symbol")->value, FieldValue("NONE"));
  EXPECT_NE(error.raised_at().line(), 0u);
}

TEST(Contextual, IsMadeOfAnErrorByItself) {
  const Scope scope{Context::new_trace()};
  const auto fails = []() -> Contextual<std::string> { return std::string("no"); };
  EXPECT_EQ(fails().error(), "no");
  EXPECT_EQ(fails().raised_in(), Context::current());
}

TEST(Contextual, ComparesAsItsError) {
  const Contextual<Errc> here(Errc::kClosed);
  const Scope scope{Context::new_trace()};
  const Contextual<Errc> there(Errc::kClosed);
  EXPECT_EQ(here, there);
  EXPECT_NE(here, Contextual<Errc>(Errc::kNoQuote));
}

TEST(Contextual, IsEnrichedInPlace) {
  const Quote none = quote("NONE");
  const auto& error = std::get<Contextual<Errc>>(none);
  enrich(error, Context::new_trace({.name = "run-1"}));
  EXPECT_EQ(context_of(error).trace_name(), "run-1");
  EXPECT_EQ(context_of(error).fields().find("symbol")->value, FieldValue("NONE"));
}

TEST(Contextual, IsFormattedAsItsError) {
  EXPECT_EQ(fmt::format("{:>4}", with_context(std::string("no"))), "  no");
  EXPECT_EQ(fmt::format("{}", with_context(std::make_error_code(std::errc::timed_out))),
            "Connection timed out (generic:110)");
  EXPECT_EQ(fmt::format("{}", with_context(std::runtime_error("no"))), "no");
}

}  // namespace
}  // namespace waybill
