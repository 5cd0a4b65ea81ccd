#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/log/internal/temporary_folder.h>
#include <waybill/otlp/internal/spool.h>
#include <waybill/otlp/otlp_metrics.h>

namespace waybill::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SpoolTest : public testing::Test {
 protected:
  OtlpSpool options(std::uint64_t limit = 1 << 20) const {
    return {.folder = folder_.path().string(), .bytes_limit = limit};
  }
  bool write(const std::string& text, std::uint32_t records = 1) {
    return spool_.write(text, {.records = records, .encoding = Encoding::kProtobuf});
  }
  // What is there, in the order in which it would be sent; removes it.
  static std::vector<std::string> drain(Spool& spool) {
    std::vector<std::string> all;
    WireBuffer request;
    SpooledBatch batch;
    EXPECT_TRUE(spool.acquire());
    while (spool.next(request, batch)) {
      all.emplace_back(request.view());
      spool.remove_next();
    }
    spool.release();
    return all;
  }
  std::vector<std::string> batches() const {
    auto names = folder_.names();
    std::erase_if(names, [](const std::string& name) { return !name.ends_with(".otlp"); });
    return names;
  }
  static OtlpSignalMetrics metrics() { return otlp_metrics().traces; }

  TemporaryFolder folder_;
  Spool spool_{options(), OtlpSignal::kTraces};
};

TEST_F(SpoolTest, GivesBatchesBackInTheirOrder) {
  for (const char* text : {"one", "two", "three", ""}) EXPECT_TRUE(write(text));
  EXPECT_TRUE(spool_.has_files());
  EXPECT_THAT(drain(spool_), ElementsAre("one", "two", "three", ""));
  EXPECT_FALSE(spool_.has_files());
}

TEST_F(SpoolTest, KnowsWhatABatchIs) {
  spool_.write("{}", {.records = 42, .encoding = Encoding::kJson});
  WireBuffer request;
  SpooledBatch batch;
  ASSERT_TRUE(spool_.acquire());
  ASSERT_TRUE(spool_.next(request, batch));
  EXPECT_EQ(batch.records, 42U);
  EXPECT_EQ(batch.encoding, Encoding::kJson);
}

TEST_F(SpoolTest, KeepsABatchUntilItIsRemoved) {
  write("one");
  WireBuffer request;
  SpooledBatch batch;
  ASSERT_TRUE(spool_.acquire());
  EXPECT_TRUE(spool_.next(request, batch));
  EXPECT_TRUE(spool_.next(request, batch));
  EXPECT_EQ(request.view(), "one");
  spool_.release();
  EXPECT_THAT(drain(spool_), ElementsAre("one"));
}

TEST_F(SpoolTest, FindsWhatAnotherOneHasWrittenBeforeAndWhileItSends) {
  write("one");
  Spool later(options(), OtlpSignal::kTraces);
  WireBuffer request;
  SpooledBatch batch;
  ASSERT_TRUE(later.acquire());
  ASSERT_TRUE(later.next(request, batch));
  later.remove_next();
  write("two");
  ASSERT_TRUE(later.next(request, batch));
  EXPECT_EQ(request.view(), "two");
}

TEST_F(SpoolTest, HasFilesOfItsSignalAlone) {
  Spool logs(options(), OtlpSignal::kLogs);
  logs.write("log", {.records = 1});
  write("span");
  EXPECT_THAT(drain(spool_), ElementsAre("span"));
  EXPECT_THAT(drain(logs), ElementsAre("log"));
}

TEST_F(SpoolTest, LetsOneSendAtATime) {
  Spool other(options(), OtlpSignal::kTraces);
  ASSERT_TRUE(spool_.acquire());
  EXPECT_FALSE(other.acquire());
  spool_.release();
  EXPECT_TRUE(other.acquire());
}

// A child has the descriptors of its parent.
TEST_F(SpoolTest, LeavesTheRightToSendToTheParentOfAFork) {
  ASSERT_TRUE(spool_.acquire());
  int done[2];
  int go_on[2];
  ASSERT_EQ(pipe(done) + pipe(go_on), 0);
  char byte = 0;
  const pid_t child = fork();
  if (child == 0) {
    spool_.abandon();
    ::close(go_on[1]);
    _exit(::write(done[1], &byte, 1) == 1 && ::read(go_on[0], &byte, 1) == 0 ? 0 : 1);
  }
  ASSERT_EQ(::read(done[0], &byte, 1), 1);
  Spool other(options(), OtlpSignal::kTraces);
  EXPECT_FALSE(other.acquire());
  spool_.release();
  EXPECT_TRUE(other.acquire());
  for (const int end : {done[0], done[1], go_on[0], go_on[1]}) ::close(end);
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(SpoolTest, SetsAsideWhatIsTornOrForeign) {
  write("whole");
  const std::string good = batches().at(0);
  const std::string content = content_of(folder_ / good);
  const auto put = [&](const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ / name) << bytes;
  };
  put("traces-0.otlp", content.substr(0, content.size() - 1));  // cut off
  put("traces-1.otlp", content.substr(0, 10));
  put("traces-2.otlp", "");
  put("traces-3.otlp", content + "x");
  std::string flipped = content;
  flipped.back() ^= 1;
  put("traces-4.otlp", flipped);
  put("traces-5.otlp", "a letter to somebody else, of more than thirty-two bytes");
  std::filesystem::create_symlink("/etc/passwd", folder_ / "traces-6.otlp");
  std::filesystem::create_directory(folder_ / "traces-7.otlp");
  ASSERT_EQ(mkfifo((folder_ / "traces-8.otlp").c_str(), 0600), 0);
  put("README", "not ours");
  const auto before = metrics().spool_unreadable;
  EXPECT_THAT(drain(spool_), ElementsAre("whole"));
  EXPECT_EQ(metrics().spool_unreadable, before + 9);
  EXPECT_THAT(batches(), IsEmpty());
  EXPECT_EQ(content_of(folder_ / "traces-5.otlp.bad").substr(0, 8), "a letter");
  EXPECT_EQ(content_of(folder_ / "README"), "not ours");
}

// What root may open is not for somebody else.
class WithoutPrivileges {
 public:
  explicit WithoutPrivileges(const std::filesystem::path& folder) {
    if (geteuid() != 0) return;
    EXPECT_EQ(::chown(folder.c_str(), kNobody, kNobody), 0);
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      EXPECT_EQ(::chown(entry.path().c_str(), kNobody, kNobody), 0);
    }
    setfsuid(kNobody);
  }
  WithoutPrivileges(const WithoutPrivileges&) = delete;
  WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;
  ~WithoutPrivileges() { setfsuid(geteuid()); }

 private:
  static constexpr uid_t kNobody = 65534;
};

TEST_F(SpoolTest, GoesOnToTheNextWhereAFileMayNotBeOpened) {
  for (const char* text : {"one", "two", "three"}) write(text);
  std::filesystem::permissions(folder_ / batches().at(0), std::filesystem::perms::none);
  const WithoutPrivileges nobody(folder_.path());
  EXPECT_THAT(drain(spool_), ElementsAre("two", "three"));
  EXPECT_THAT(drain(spool_), IsEmpty());
  std::filesystem::permissions(folder_ / batches().at(0), std::filesystem::perms::owner_read);
  EXPECT_THAT(drain(spool_), ElementsAre("one"));
}

TEST_F(SpoolTest, LeavesAnEncodingAlone) {
  write("pb");
  spool_.write("{}", {.records = 1, .encoding = Encoding::kJson});
  Spool other(options(), OtlpSignal::kTraces);
  other.leave_alone(Encoding::kJson);
  EXPECT_THAT(drain(other), ElementsAre("pb"));
  EXPECT_THAT(drain(spool_), ElementsAre("{}"));
}

// A header that speaks of more bytes than there are costs no memory.
TEST_F(SpoolTest, BelievesNoHeader) {
  write("whole");
  std::string content = content_of(folder_ / batches().at(0));
  for (int i = 8; i < 16; ++i) content[static_cast<std::size_t>(i)] = '\xff';
  std::ofstream(folder_ / "traces-0.otlp") << content;
  EXPECT_THAT(drain(spool_), ElementsAre("whole"));
}

TEST_F(SpoolTest, SetsAsideWhatACrashHasLeftIncomplete) {
  std::ofstream(folder_ / "traces-1.otlp.tmp") << "half";
  std::ofstream(folder_ / "traces-2.otlp.tmp") << "half, and going on";
  const int writer = ::open((folder_ / "traces-2.otlp.tmp").c_str(), O_WRONLY);
  ASSERT_EQ(::flock(writer, LOCK_EX), 0);
  EXPECT_THAT(drain(spool_), IsEmpty());
  EXPECT_THAT(folder_.names(),
              ElementsAre("traces-1.otlp.tmp.bad", "traces-2.otlp.tmp", "traces.lock"));
  ::close(writer);
}

TEST_F(SpoolTest, RemovesTheOldestBeyondItsLimitAndCountsThem) {
  const std::string text(20'000, 'x');
  Spool small(options(100'000), OtlpSignal::kTraces);
  const auto before = metrics().dropped.spool_full;
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(small.write(std::to_string(i) + text, {.records = 7}));
  }
  EXPECT_EQ(metrics().dropped.spool_full, before + 6 * 7);
  EXPECT_EQ(small.lost(), 6U * 7);
  std::vector<std::string> left = drain(small);
  ASSERT_EQ(left.size(), 4U);
  EXPECT_EQ(left.front().front(), '6');
  EXPECT_EQ(left.back().front(), '9');
}

TEST_F(SpoolTest, CountsTheFilesOfOthersForItsLimit) {
  Spool other(options(), OtlpSignal::kTraces);
  for (int i = 0; i < 5; ++i) other.write(std::string(20'000, 'x'), {.records = 1});
  std::ofstream(folder_ / "traces-0.otlp.bad") << std::string(20'000, 'x');
  Spool small(options(100'000), OtlpSignal::kTraces);
  EXPECT_TRUE(small.write(std::string(30'000, 'x'), {.records = 1}));
  EXPECT_EQ(batches().size(), 4U);
}

TEST_F(SpoolTest, SaysWhatCanNeverFit) {
  EXPECT_TRUE(spool_.fits(1000));
  EXPECT_FALSE(spool_.fits(1 << 20));
}

TEST_F(SpoolTest, SaysWhenItCannotWrite) {
  const auto before = metrics().spool_failures;
  std::filesystem::remove_all(folder_.path());
  EXPECT_FALSE(write("one"));
  EXPECT_EQ(metrics().spool_failures, before + 1);
  EXPECT_FALSE(spool_.acquire());
  EXPECT_FALSE(spool_.has_files());
}

TEST_F(SpoolTest, MakesItsFolderForItselfAlone) {
  OtlpSpool deep = options();
  deep.folder += "/a/b";
  const Spool spool(deep, OtlpSignal::kTraces);
  spool.prepare();
  EXPECT_TRUE(std::filesystem::is_directory(deep.folder));
  write("one");
  const auto permissions = std::filesystem::status(folder_ / batches().at(0)).permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(SpoolTest, NamesTheFolderThatItCannotUse) {
  std::ofstream(folder_ / "file") << "x";
  OtlpSpool wrong = options();
  wrong.folder += "/file";
  try {
    Spool(wrong, OtlpSignal::kTraces).prepare();
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("'spool.folder'"));
  }
}

}  // namespace
}  // namespace waybill::internal
