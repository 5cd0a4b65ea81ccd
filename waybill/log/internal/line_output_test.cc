#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/log/internal/line_output_fixture.h>
#include <waybill/pipeline/self_metrics.h>

namespace waybill::internal {
namespace {

using std::chrono::milliseconds;

TEST_F(LineOutputTest, HandsOverAtTheEndOfABatch) {
  add("one\n");
  add("two\n");
  EXPECT_EQ(sink_->calls, 0);
  write_out_after(milliseconds(0));
  EXPECT_EQ(sink_->taken, "one\ntwo\n");
  EXPECT_EQ(sink_->calls, 1);
  EXPECT_EQ(output_.counters().written, 2U);
  EXPECT_EQ(output_.counters().bytes, 8U);
}

TEST_F(LineOutputTest, HandsOverByItselfWhatIsLargeEnough) {
  add(std::string(60, 'a') + '\n');
  EXPECT_EQ(sink_->calls, 0);
  add(std::string(60, 'b') + '\n');
  EXPECT_EQ(sink_->calls, 1);
  EXPECT_EQ(output_.counters().written, 2U);
}

TEST_F(LineOutputTest, TicksAfterEachBatchAndWithoutOne) {
  write_out_after(milliseconds(0));
  add("line\n");
  write_out_after(milliseconds(0));
  EXPECT_EQ(sink_->ticks, 2);
  EXPECT_EQ(sink_->calls, 1);
}

TEST_F(LineOutputTest, KeepsWhatAFailingSinkHasNotTaken) {
  sink_->room = 6;
  add("one\n");
  add("two\n");
  write_out_after(milliseconds(0));
  EXPECT_EQ(output_.counters().written, 1U);
  sink_->room = SIZE_MAX;
  add("three\n");
  write_out_after(milliseconds(100));
  EXPECT_EQ(sink_->taken, "one\ntwo\nthree\n");
  EXPECT_EQ(output_.counters().written, 3U);
  EXPECT_EQ(output_.counters().lost, 0U);
}

TEST_F(LineOutputTest, TriesAFailingSinkAfterTwiceTheTimeUpToFiveSeconds) {
  sink_->room = 0;
  add("line\n");
  write_out_after(milliseconds(0));
  ASSERT_EQ(sink_->calls, 1);
  int calls = 1;
  for (const int pause : {100, 200, 400, 800, 1'600, 3'200, 5'000, 5'000}) {
    write_out_after(milliseconds(pause - 1));
    EXPECT_EQ(sink_->calls, calls) << "too early, " << pause;
    write_out_after(milliseconds(1));
    EXPECT_EQ(sink_->calls, ++calls) << "not in time, " << pause;
  }
  EXPECT_EQ(output_.counters().failures, static_cast<std::uint64_t>(calls));
}

TEST_F(LineOutputTest, StartsWithShortPausesAgainAfterARecovery) {
  sink_->room = 0;
  add("line\n");
  write_out_after(milliseconds(0));
  write_out_after(milliseconds(100));
  sink_->room = SIZE_MAX;
  write_out_after(milliseconds(200));
  sink_->room = 0;
  add("line\n");
  write_out_after(milliseconds(0));
  const int calls = sink_->calls;
  write_out_after(milliseconds(100));
  EXPECT_EQ(sink_->calls, calls + 1);
}

TEST_F(LineOutputTest, StartsWithShortPausesAgainWhenThereIsProgress) {
  sink_->room = 0;
  add("line\n");
  write_out_after(milliseconds(0));
  write_out_after(milliseconds(100));
  sink_->room = 1;
  write_out_after(milliseconds(200));
  const int calls = sink_->calls;
  write_out_after(milliseconds(100));
  EXPECT_EQ(sink_->calls, calls + 1);
}

TEST_F(LineOutputTest, LeavesAFailingSinkAloneHoweverMuchIsAdded) {
  sink_->room = 0;
  add("line\n");
  write_out_after(milliseconds(0));
  for (int i = 0; i < 1'000; ++i) add("another line\n");
  EXPECT_EQ(sink_->calls, 1);
}

TEST_F(LineOutputTest, LosesTheNewestBeyondTheBound) {
  sink_->room = 0;
  for (int i = 0; i < 90; ++i) add(std::to_string(1000 + i) + '\n');  // 5 bytes each
  EXPECT_EQ(output_.counters().lost, 50U);
  EXPECT_LE(output_.buffer().size(), 200U);
  sink_->room = SIZE_MAX;
  write_out_after(milliseconds(100));
  std::string first_forty;
  for (int i = 0; i < 40; ++i) first_forty += std::to_string(1000 + i) + '\n';
  EXPECT_EQ(sink_->taken, first_forty);
  EXPECT_EQ(output_.counters().written, 40U);
}

TEST_F(LineOutputTest, CompletesALineTakenInPartBeforeAnyOther) {
  sink_->room = 3;
  add(std::string(120, 'a') + '\n');
  for (int i = 0; i < 50; ++i) add(std::string(10, 'b') + '\n');
  EXPECT_GT(output_.counters().lost, 0U);
  sink_->room = SIZE_MAX;
  write_out_after(milliseconds(100));
  EXPECT_TRUE(sink_->taken.starts_with(std::string(120, 'a') + "\nbbbbbbbbbb\n"));
  EXPECT_EQ(sink_->taken.back(), '\n');
}

TEST_F(LineOutputTest, AsksABusySinkAgainWithEachBatch) {
  sink_->failure = std::make_error_code(kAgain);
  sink_->room = 2;
  add("one\n");
  write_out_after(milliseconds(0));
  sink_->room = 1;
  write_out_after(milliseconds(0));
  EXPECT_EQ(sink_->taken, "one");
  sink_->room = SIZE_MAX;
  write_out_after(milliseconds(0));
  EXPECT_EQ(sink_->taken, "one\n");
  EXPECT_EQ(output_.counters().failures, 0U);
  EXPECT_EQ(report(), "");
}

TEST_F(LineOutputTest, AsksABusySinkAgainOnlyOnceABatch) {
  sink_->failure = std::make_error_code(kAgain);
  sink_->room = 0;
  for (int i = 0; i < 20; ++i) add("123456789\n");
  EXPECT_EQ(sink_->calls, 2);
  for (int i = 0; i < 1'000; ++i) add("123456789\n");
  EXPECT_EQ(sink_->calls, 2);
  EXPECT_EQ(output_.counters().lost, 1'000U);
}

TEST_F(LineOutputTest, ForgetsWhatBelongsToTheParentOfAFork) {
  add("the parent's\n");
  output_.forget_pending();
  add("the child's\n");
  write_out_after(milliseconds(0));
  EXPECT_EQ(sink_->taken, "the child's\n");
  EXPECT_EQ(output_.counters().written, 1U);
}

TEST_F(LineOutputTest, OffersALastTimeWhenItEnds) {
  const SelfMetrics before = self_metrics();
  {
    LineOutput output(sink_);
    sink_->room = 4;
    for (const char* line : {"one\n", "two\n", "three\n"}) {
      output.buffer().append(line);
      output.line_added();
    }
    output.write_out(now_);
    sink_->room = 4;
  }
  EXPECT_EQ(sink_->taken, "one\ntwo\n");
  const SelfMetrics after = self_metrics();
  EXPECT_EQ(after.dropped.sink - before.dropped.sink, 1U);
  EXPECT_EQ(after.bytes_written - before.bytes_written, 8U);
  EXPECT_EQ(after.sink_failures - before.sink_failures, 2U);
}

TEST_F(LineOutputTest, DoesNotKeepTheMemoryOfAHugeLine) {
  add(std::string(100'000, 'x') + '\n');
  EXPECT_EQ(sink_->taken.size(), 100'001U);
  EXPECT_LT(output_.buffer().capacity(), 1'000U);
}

// Whatever the sink takes and when: what has arrived is a prefix of what was added and not lost,
// each line once and in order, and all is accounted for.
RC_GTEST_PROP(LineOutput, NeitherTearsNorRepeatsNorForgets, ()) {
  testing::internal::CaptureStderr();
  const auto sink = std::make_shared<ScriptedSink>();
  LineOutput output(sink, {.batch_bytes = 50, .kept_bytes = 150});
  auto now = std::chrono::steady_clock::now();
  std::string kept;
  std::uint64_t lines = 0;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 60));
  for (const int step : steps) {
    sink->failure = std::make_error_code(step % 2 == 0 ? kNoSpace : kAgain);
    sink->room = step % 5 == 0 ? SIZE_MAX : static_cast<std::size_t>(step);
    const std::string line = std::to_string(lines) + ':' + std::string(step, 'x') + '\n';
    const std::uint64_t lost = output.counters().lost;
    output.buffer().append(line);
    output.line_added();
    ++lines;
    if (output.counters().lost == lost) kept += line;
    if (step % 3 == 0) output.write_out(now += milliseconds(step * 10));
    RC_ASSERT(kept.starts_with(sink->taken));
  }
  sink->room = SIZE_MAX;
  output.write_out(now + std::chrono::seconds(6));
  testing::internal::GetCapturedStderr();
  RC_ASSERT(sink->taken == kept);
  RC_ASSERT(output.counters().written + output.counters().lost == lines);
  RC_ASSERT(output.counters().bytes == kept.size());
}

}  // namespace
}  // namespace waybill::internal
