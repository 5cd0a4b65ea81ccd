#include <cstdlib>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/propagation/environment_carrier.h>
#include <waybill/propagation/propagation.h>

namespace waybill {
namespace {

using testing::ElementsAre;

using Variables = std::vector<std::string>;

TEST(EnvironmentCarrier, SpellsKeysAsNamesOfVariables) {
  EnvironmentCarrier carrier(Variables{});
  carrier.set("traceparent", "1");
  carrier.set("X-Trace-ID", "2");
  carrier.set("x.b3/TraceId_", "3");
  carrier.set("9lives", "4");
  EXPECT_THAT(carrier.variables(),
              ElementsAre("TRACEPARENT=1", "X_TRACE_ID=2", "X_B3_TRACEID_=3", "_9LIVES=4"));
  EXPECT_EQ(carrier.get("TraceParent"), "1");
  EXPECT_EQ(carrier.get("x-trace-id"), "2");
  EXPECT_EQ(carrier.get("9lives"), "4");
}

TEST(EnvironmentCarrier, FindsWholeNamesOnly) {
  const EnvironmentCarrier carrier(Variables{"TRACEPARENT2=no", "TRACE=no", "=x", "", "BAGGAGE="});
  EXPECT_EQ(carrier.get("traceparent"), std::nullopt);
  EXPECT_EQ(carrier.get("baggage"), "");
}

TEST(EnvironmentCarrier, ReplacesAndRemovesEveryVariableOfAName) {
  EnvironmentCarrier carrier(Variables{"BAGGAGE=a=1", "PATH=/bin", "BAGGAGE=b=2"});
  EXPECT_EQ(carrier.get("baggage"), "a=1");
  carrier.set("baggage", "c=3");
  EXPECT_THAT(carrier.variables(), ElementsAre("PATH=/bin", "BAGGAGE=c=3"));
  carrier.remove("baggage");
  EXPECT_THAT(carrier.variables(), ElementsAre("PATH=/bin"));
}

TEST(EnvironmentCarrier, TakesNoValueThatAVariableCannotHold) {
  EnvironmentCarrier carrier(Variables{"BAGGAGE=old"});
  carrier.set("baggage", std::string_view("a\0b", 3));
  EXPECT_THAT(carrier.variables(), testing::IsEmpty());
}

TEST(EnvironmentCarrier, StartsWithTheEnvironmentOfTheProcess) {
  ::setenv("WAYBILL_TEST_VARIABLE", "here", 1);
  EXPECT_EQ(EnvironmentCarrier().get("waybill-test-variable"), "here");
  ::unsetenv("WAYBILL_TEST_VARIABLE");
}

TEST(EnvironmentCarrier, CarriesAContextThroughEveryFormat) {
  const Propagator propagator(
      {.formats = {Format::kTraceContext, Format::kBaggage, Format::kB3Multi, Format::kXRay,
                   Format::kTraceIdHeader}});
  const Context sent =
      Context::new_trace({.name = "nightly", .baggage = "tenant=acme"}).with({{"job_id", "J-1"}});
  EnvironmentCarrier carrier(Variables{});
  propagator.inject(sent, carrier, {.trusted = true});
  EXPECT_EQ(carrier.get("X_B3_TRACEID"), sent.trace_id().to_hex());

  const Context received = propagator.extract(carrier, {.trusted = true});
  EXPECT_EQ(received.trace_id(), sent.trace_id());
  EXPECT_EQ(received.span_id(), sent.span_id());
  EXPECT_EQ(received.trace_name(), "nightly");
  ASSERT_NE(received.fields().find("job_id"), nullptr);
}

// Starts a real process with the carrier's environment and reads what it prints.
std::string output_of_child(EnvironmentCarrier& environment, std::string command) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::string shell = "sh", option = "-c";
  char* argv[] = {shell.data(), option.data(), command.data(), nullptr};
  pid_t child = 0;
  EXPECT_EQ(::posix_spawn(&child, "/bin/sh", &actions, nullptr, argv, environment.envp()), 0);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string output;
  char buffer[256];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    output.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return output;
}

TEST(EnvironmentCarrier, ReachesAProcessThatIsStartedWithIt) {
  const Context sent = Context::new_trace();
  EnvironmentCarrier environment;
  inject(sent, environment);
  EXPECT_EQ(output_of_child(environment, "printf %s \"$TRACEPARENT\""), to_traceparent(sent));
}

TEST(ContextFromEnvironment, IsWhatTheParentProcessPutThere) {
  ::setenv("TRACEPARENT", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", 1);
  ::setenv("BAGGAGE", "account_id=acme", 1);
  const Context context = context_from_environment();
  const Context untrusted = context_from_environment({.trusted = false});
  ::unsetenv("TRACEPARENT");
  ::unsetenv("BAGGAGE");
  EXPECT_EQ(context.span_id().to_hex(), "00f067aa0ba902b7");
  ASSERT_NE(context.fields().find("account_id"), nullptr);
  EXPECT_EQ(context.fields().find("account_id")->value, FieldValue("acme"));
  EXPECT_EQ(untrusted.baggage(), "");
  EXPECT_TRUE(context_from_environment().empty());
}

}  // namespace
}  // namespace waybill
