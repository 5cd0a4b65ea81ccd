#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <waybill/log/internal/bounded_wait.h>
#include <waybill/log/internal/descriptor.h>

namespace waybill::internal {
namespace {

TEST(BoundedWait, WaitsNoMoreAfterAWaitInVainUntilSomethingWasWritten) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  BoundedWait wait(std::chrono::milliseconds(1));
  EXPECT_TRUE(wait.until_writable(writer.get()));
  std::string bytes(1'000'000, 'x');
  ASSERT_GT(write(writer.get(), bytes.data(), bytes.size()), 0);
  EXPECT_FALSE(wait.until_writable(writer.get()));
  ASSERT_GT(read(reader.get(), bytes.data(), bytes.size()), 0);
  EXPECT_FALSE(wait.until_writable(writer.get())) << "has waited, though nothing was written";
  wait.has_written();
  EXPECT_TRUE(wait.until_writable(writer.get()));
}

}  // namespace
}  // namespace waybill::internal
