#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/log/internal/datagram_receiver.h>
#include <waybill/log/internal/temporary_folder.h>
#include <waybill/log/journald_sink.h>

namespace waybill {
namespace {

using internal::DatagramReceiver;
using testing::StartsWith;

class JournaldSinkTest : public testing::Test {
 protected:
  internal::TemporaryFolder folder_;
  std::string path_ = folder_ / "socket";
};

TEST_F(JournaldSinkTest, SendsADatagramForEachRecord) {
  const DatagramReceiver journal(path_);
  const auto sink = journald_sink({.socket_path = path_, .identifier = "weather"});
  EXPECT_TRUE(sink->write({.message = "one"}));
  EXPECT_TRUE(sink->write({.message = "two"}));
  EXPECT_EQ(journal.receive().text, "MESSAGE=one\nPRIORITY=6\nSYSLOG_IDENTIFIER=weather\n");
  EXPECT_THAT(journal.receive().text, StartsWith("MESSAGE=two\n"));
}

TEST_F(JournaldSinkTest, SendsLargeEntriesInSealedMemory) {
  const DatagramReceiver journal(path_);
  const auto sink = journald_sink({.socket_path = path_, .identifier = "weather"});
  const std::string message(20'000'000, 'x');
  EXPECT_TRUE(sink->write({.message = message}));
  const DatagramReceiver::Datagram datagram = journal.receive();
  EXPECT_EQ(datagram.text, "");
  ASSERT_TRUE(datagram.descriptor.is_open());
  const int memory = datagram.descriptor.get();
  EXPECT_EQ(fcntl(memory, F_GET_SEALS), F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
  std::string content(message.size() + 100, '\0');
  const ssize_t size = pread(memory, content.data(), content.size(), 0);
  ASSERT_GT(size, 0);
  content.resize(static_cast<std::size_t>(size));
  EXPECT_TRUE(content == "MESSAGE=" + message + "\nPRIORITY=6\nSYSLOG_IDENTIFIER=weather\n");
  EXPECT_TRUE(sink->write({.message = "small again"}));
  EXPECT_THAT(journal.receive().text, StartsWith("MESSAGE=small again\n"));
}

TEST_F(JournaldSinkTest, ConnectsAgainToAJournalStartedAnew) {
  auto journal = std::make_unique<DatagramReceiver>(path_);
  const auto sink = journald_sink({.socket_path = path_});
  journal = nullptr;
  EXPECT_FALSE(sink->write({.message = "nobody is there"}));
  journal = std::make_unique<DatagramReceiver>(path_);
  EXPECT_TRUE(sink->write({.message = "after"}));
  EXPECT_THAT(journal->receive().text, StartsWith("MESSAGE=after\n"));
}

TEST_F(JournaldSinkTest, SaysWhereThereIsNoJournal) {
  try {
    journald_sink({.socket_path = path_});
    FAIL() << "there is no journal";
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), "cannot reach '" + path_ + "': No such file or directory");
  }
}

}  // namespace
}  // namespace waybill
