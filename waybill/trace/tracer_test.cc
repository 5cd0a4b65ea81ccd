#include <string>
#include <vector>

#include <waybill/trace/internal/tracing_fixture.h>
#include <waybill/trace/tracer.h>

namespace waybill {
namespace {

class TracerTest : public internal::TracingTest {
 public:
  template <class T>
  static std::vector<std::pair<T, int>> of_many_words(const T&, int (*)(const char*)) {
    const auto span = waybill::span();
    return {};
  }
  void operator()(int) const { const auto span = waybill::span(); }
};

void fetch_weather(const std::string&, void (*)(int)) {
  const auto span = waybill::span();
}

TEST_F(TracerTest, NamesWhatMakesTheSpans) {
  const Tracer billing("billing", "1.2.0");
  { const auto span = billing.span("charge"); }
  const SpanData span = only();
  EXPECT_EQ(span.scope.name, "billing");
  EXPECT_EQ(span.scope.version, "1.2.0");
}

TEST_F(TracerTest, NamesTheFunctionAround) {
  fetch_weather("", nullptr);
  EXPECT_TRUE(only().name.ends_with("::fetch_weather"));
  of_many_words(1, nullptr);
  EXPECT_TRUE(only().name.ends_with("TracerTest::of_many_words"));
  TracerTest::operator()(1);
  EXPECT_TRUE(only().name.ends_with("operator()"));
}

TEST_F(TracerTest, RunsAFunctionInASpan) {
  auto twice = traced("twice", [](int i) { return 2 * i; });
  EXPECT_EQ(twice(21), 42);
  EXPECT_EQ(only().name, "twice");
}

TEST_F(TracerTest, CopiesANameThatIsNoLiteral) {
  {
    std::string name = "GET /users/";
    const auto span = waybill::span(name + "{id}", {{"user", 7}});
    name = "changed";
  }
  const SpanData span = only();
  EXPECT_EQ(span.name, "GET /users/{id}");
  EXPECT_NE(span.find("user"), nullptr);
}

}  // namespace
}  // namespace waybill
