#include <gmock/gmock.h>

#include <waybill/otlp/internal/sender_fixture.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST_F(SenderTest, SpoolsNothingWhileTheCollectorIsThere) {
  with_spool();
  send("one");
  EXPECT_TRUE(flush());
  EXPECT_EQ(since_start().spooled, 0U);
  EXPECT_EQ(since_start().exported, 1U);
}

TEST_F(SenderTest, SpoolsThroughAnOutageAndSendsInOrder) {
  with_spool();
  script_->always(kDown);
  for (int i = 0; i < 5; ++i) {
    send(std::to_string(i), 2);
    EXPECT_TRUE(flush()) << "on disk it is safe";
  }
  EXPECT_EQ(files(), 5U);
  EXPECT_EQ(since_start().exported, 0U);
  EXPECT_EQ(since_start().spooled, 10U);
  const std::size_t failed = script_->sent().size();
  script_->always({.outcome = Outcome::kDelivered});
  clock_.advance(10s);
  send("5", 2);
  ASSERT_TRUE(script_->wait_for(failed + 6));
  wait_for_files(0);
  EXPECT_TRUE(flush());  // the last one need not have become a file
  const auto sent = script_->sent();
  EXPECT_THAT(std::vector(sent.begin() + static_cast<std::ptrdiff_t>(failed), sent.end()),
              ElementsAre("0", "1", "2", "3", "4", "5"));
  EXPECT_EQ(since_start().exported, 12U);
  EXPECT_EQ(since_start().dropped.all(), 0U);
}

// An hour, a batch a second, far more than fits into memory.
TEST_F(SenderTest, LosesNothingInAnOutageOfAnHour) {
  with_spool(64 << 20);
  options_.queue_bytes = 64 << 10;
  script_->always(kDown);
  constexpr std::size_t kBatches = 360;
  const std::string text(10'000, 'x');
  for (std::size_t i = 0; i < kBatches; ++i) {
    send(std::to_string(i) + text);
    EXPECT_TRUE(flush());
    clock_.advance(10s);
  }
  script_->always({.outcome = Outcome::kDelivered});
  while (files() != 0) {
    clock_.advance(1s);
    std::this_thread::yield();
  }
  EXPECT_TRUE(flush());
  EXPECT_EQ(since_start().exported, kBatches);
  EXPECT_EQ(since_start().dropped.all(), 0U);
}

TEST_F(SenderTest, SendsWhatAnEarlierRunHasLeft) {
  with_spool();
  {
    Spool earlier(options_.spool, OtlpSignal::kTraces);
    earlier.write("pb", {.records = 3, .encoding = Encoding::kProtobuf});
    earlier.write("{}", {.records = 4, .encoding = Encoding::kJson});
  }
  sender();  // nothing is exported by this one
  ASSERT_TRUE(script_->wait_for(2));
  EXPECT_THAT(script_->sent(), ElementsAre("pb", "{}"));
  EXPECT_THAT(script_->encodings(), ElementsAre(Encoding::kProtobuf, Encoding::kJson));
  wait_for_files(0);
  EXPECT_EQ(since_start().exported, 7U);
}

TEST_F(SenderTest, SendsWhatAnotherProcessHasLeftWhileItRuns) {
  with_spool();
  send("own");
  EXPECT_TRUE(flush());
  Spool other(options_.spool, OtlpSignal::kTraces);
  other.write("other's", {.records = 1});
  clock_.wait_begun();
  clock_.advance(5s);
  EXPECT_TRUE(script_->wait_for(2));
  EXPECT_EQ(script_->sent().back(), "other's");
}

TEST_F(SenderTest, LeavesFilesAloneThatAnotherProcessIsSending) {
  with_spool();
  Spool other(options_.spool, OtlpSignal::kTraces);
  other.write("other's", {.records = 1});
  ASSERT_TRUE(other.acquire());
  send("own");
  EXPECT_TRUE(flush());
  EXPECT_THAT(script_->sent(), ElementsAre("own"));
  EXPECT_EQ(files(), 1U);
  other.release();
  clock_.wait_begun();
  clock_.advance(5s);
  EXPECT_TRUE(script_->wait_for(2));
}

TEST_F(SenderTest, DropsAFileThatIsRefused) {
  with_spool();
  Spool(options_.spool, OtlpSignal::kTraces).write("bad", {.records = 3});
  script_->answer({.outcome = Outcome::kRefused, .reason = "no"});
  send("good");
  EXPECT_TRUE(flush());
  wait_for_files(0);
  EXPECT_TRUE(script_->wait_for(2));
  EXPECT_EQ(since_start().dropped.refused, 3U);
}

// Of a program that was set up for http/json before, and now is for gRPC.
TEST_F(SenderTest, LeavesFilesAloneThatItsTransportDoesNotCarry) {
  with_spool();
  script_->carry({Encoding::kProtobuf});
  {
    Spool earlier(options_.spool, OtlpSignal::kTraces);
    earlier.write("{}", {.records = 4, .encoding = Encoding::kJson});
    earlier.write("pb", {.records = 3, .encoding = Encoding::kProtobuf});
  }
  sender();
  ASSERT_TRUE(script_->wait_for(1));
  wait_for_files(1);
  clock_.wait_begun();
  clock_.advance(5s);
  send("own");
  EXPECT_TRUE(flush());
  EXPECT_THAT(script_->sent(), ElementsAre("pb", "own"));
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(since_start().dropped.all(), 0U);
}

TEST_F(SenderTest, KeepsInMemoryWhatTheDiskDoesNotTake) {
  options_.spool = {.folder = folder_ / "gone", .bytes_limit = 1 << 20};
  script_->always(kDown);
  sender();
  std::filesystem::remove_all(folder_ / "gone");
  send("one");
  ASSERT_TRUE(script_->wait_for(1));
  EXPECT_FALSE(flush(20ms));
  EXPECT_EQ(since_start().spooled, 0U);
  script_->always({.outcome = Outcome::kDelivered});
  EXPECT_TRUE(flush());
  EXPECT_EQ(since_start().exported, 1U);
}

TEST_F(SenderTest, DropsWhatIsLargerThanTheSpool) {
  with_spool(64 << 10);
  script_->always(kDown);
  send(std::string(100'000, 'x'), 5);
  EXPECT_TRUE(flush());
  EXPECT_EQ(since_start().dropped.spool_full, 5U);
}

TEST_F(SenderTest, SpoolsWhatIsLeftAtTheEnd) {
  with_spool();
  script_->hold(true);
  auto other = make();
  for (const char* text : {"one", "two", "three"}) {
    WireBuffer request = wire(text);
    other->hand_over(request, 1);
  }
  ASSERT_TRUE(script_->wait_for(1));
  other->end(std::chrono::steady_clock::now() + 20ms);
  WireBuffer request = wire("four");
  EXPECT_TRUE(other->hand_over(request, 1));
  other->close();
  EXPECT_EQ(files(), 4U);
  EXPECT_EQ(since_start().spooled, 4U);
  EXPECT_EQ(since_start().dropped.all(), 0U);
  // The next run.
  script_ = std::make_shared<Script>();
  sender();
  ASSERT_TRUE(script_->wait_for(4));
  EXPECT_THAT(script_->sent(), ElementsAre("one", "two", "three", "four"));
}

}  // namespace
}  // namespace waybill::internal
