// No job is lost, and each attempt is under the trace of its job, whoever is killed.
#include <iostream>
#include <random>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/brokers.h"
#include "tests/faults/scenario.h"

namespace waybill::faults {
namespace {

class FaultsTest : public ::testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(Kinds, FaultsTest, ::testing::ValuesIn(kinds()),
                         [](const auto& test) { return test.param.name; });

TEST_P(FaultsTest, NothingIsLostAndAttemptsAreNumbered) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  const std::unique_ptr<Broker> broker = GetParam().start();
  Scenario scenario(*broker, seed);
  EXPECT_TRUE(scenario.run());

  const std::vector<Attempt> attempts = scenario.attempts();
  std::map<std::string, std::set<int>> by_job;
  std::set<std::string> done;
  std::size_t begun = 0;
  int repeated = 0;
  int traces_lost = 0;
  for (const Attempt& attempt : attempts) {
    if (attempt.done) {
      done.insert(attempt.job);
      continue;
    }
    ++begun;
    if (!by_job[attempt.job].insert(attempt.number).second) ++repeated;
    const auto job = scenario.jobs().find(attempt.job);
    const std::string trace =
        job != scenario.jobs().end() ? job->second : attempt.job.substr(0, attempt.job.find('/'));
    if (attempt.trace != trace) ++traces_lost;
  }
  int lost = 0;
  for (const auto& [job, trace] : scenario.jobs()) {
    if (!done.contains(job)) ++lost;
  }
  EXPECT_EQ(scenario.jobs().size(), 20'000U);
  EXPECT_EQ(lost, 0) << "jobs never done";
  EXPECT_LE(repeated, GetParam().most_repeated) << "attempts of one number";
  EXPECT_EQ(traces_lost, 0) << "attempts under another trace";
  const queue::Counts counts = scenario.counts();
  EXPECT_EQ(counts.ready + counts.delayed + counts.in_flight, 0U);
  EXPECT_EQ(counts.dead, 0U);
  EXPECT_GT(begun, by_job.size()) << "no worker was killed in the middle of a job";
  std::cout << GetParam().name << ": " << by_job.size() << " jobs, " << begun << " attempts, "
            << repeated << " numbers twice\n";
}

}  // namespace
}  // namespace waybill::faults
