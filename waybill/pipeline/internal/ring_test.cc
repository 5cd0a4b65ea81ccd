#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/pipeline/internal/ring.h>

namespace waybill::internal {
namespace {

using detail::RecordHeader;
using detail::RecordKind;
using Room = Ring::Room;

constexpr std::size_t kLimit = 64 * 1024;

std::unique_ptr<Ring> ring_of(std::size_t bytes) {
  return std::unique_ptr<Ring>(Ring::make(bytes, 7));
}

// Writes a record of `payload` bytes that all say `mark`.
Room write(Ring& ring, std::size_t payload, unsigned char mark, std::size_t limit = kLimit) {
  const std::size_t size = detail::whole_record(payload);
  char* place = ring.next.load();
  if (place + size > ring.limit) {
    const Room room = ring.make_room(size, limit);
    if (room != Room::kMade) return room;
    place = ring.next.load();
  }
  auto* header = new (place) RecordHeader{};
  header->shape = {
      .size = static_cast<std::uint32_t>(size), .kind = RecordKind::kLog, .detail = {}, .clock = 0};
  std::memset(place + sizeof(RecordHeader), mark, size - sizeof(RecordHeader));
  ring.next.store(place + size, std::memory_order_release);
  return Room::kMade;
}

unsigned char mark_of(const RecordHeader& header) {
  return *reinterpret_cast<const unsigned char*>(&header + 1);
}

// The mark of the next record, or -1.
int read(Ring& ring) {
  const RecordHeader* header = ring.front();
  if (header == nullptr) return -1;
  const int mark = mark_of(*header);
  ring.skip(*header);
  ring.release();
  return mark;
}

TEST(Ring, GivesBackWhatWasWritten) {
  const auto ring = ring_of(4096);
  EXPECT_EQ(ring->front(), nullptr);
  EXPECT_EQ(write(*ring, 100, 'a'), Room::kMade);
  EXPECT_EQ(ring->front(), nullptr) << "only what look() found";
  ring->look();
  EXPECT_EQ(write(*ring, 100, 'b'), Room::kMade);
  EXPECT_EQ(read(*ring), 'a');
  EXPECT_EQ(read(*ring), -1);
  ring->look();
  EXPECT_EQ(read(*ring), 'b');
}

TEST(Ring, GoesRoundAndRoundWithoutGrowing) {
  const auto ring = ring_of(4096);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(write(*ring, 24 + static_cast<std::size_t>(i) % 700, i % 251), Room::kMade);
    ring->look();
    ASSERT_EQ(read(*ring), i % 251);
  }
  EXPECT_EQ(ring->bytes(), 4096U);
}

TEST(Ring, GrowsUpToTheLimitAndIsThenFull) {
  const auto ring = ring_of(4096);
  int written = 0;
  while (write(*ring, 500, written % 251) == Room::kMade) ++written;
  EXPECT_EQ(write(*ring, 500, 0), Room::kFull);
  EXPECT_GT(written, 100) << "of 64 KiB, and the smaller buffers before";
  ring->look();
  for (int i = 0; i < written; ++i) ASSERT_EQ(read(*ring), i % 251);
  EXPECT_EQ(read(*ring), -1);
  EXPECT_EQ(ring->bytes(), kLimit) << "the smaller buffers have been freed";
  EXPECT_EQ(write(*ring, 500, 'x'), Room::kMade) << "there is room again";
}

TEST(Ring, RefusesWhatWouldTakeHalfOfIt) {
  const auto ring = ring_of(4096);
  EXPECT_EQ(write(*ring, kLimit / 2 + 1, 'x'), Room::kTooLarge);
  EXPECT_EQ(write(*ring, kLimit / 2 - 100, 'x'), Room::kMade) << "grows as far as needed at once";
  EXPECT_EQ(write(*ring, 8, 'y'), Room::kMade);
  ring->look();
  EXPECT_EQ(read(*ring), 'x');
  EXPECT_EQ(read(*ring), 'y');
}

TEST(Ring, PositionsCountAllBytesOverAllBuffers) {
  const auto ring = ring_of(4096);
  std::uint64_t written = 0;
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(write(*ring, 200, 'x'), Room::kMade);
    written += detail::whole_record(200);
  }
  ring->look();
  EXPECT_GE(ring->seen(), written) << "and what was left at the ends of buffers";
  EXPECT_EQ(ring->consumed(), 0U);
  const std::uint64_t seen = ring->seen();
  while (read(*ring) >= 0) {
  }
  EXPECT_EQ(ring->consumed(), seen);
}

TEST(Ring, IsDoneWhenItsThreadHasEndedAndAllIsRead) {
  const auto ring = ring_of(4096);
  EXPECT_FALSE(ring->is_done());
  EXPECT_EQ(write(*ring, 8, 'x'), Room::kMade);
  ring->end();
  EXPECT_FALSE(ring->is_done());
  EXPECT_EQ(read(*ring), 'x');
  EXPECT_TRUE(ring->is_done());
}

RC_GTEST_PROP(Ring, KeepsOrderAndBytesWhateverTheSizes, (const std::vector<std::uint16_t>& sizes)) {
  const auto ring = ring_of(4096);
  std::vector<std::pair<std::size_t, unsigned char>> pending;
  unsigned char mark = 0;
  for (const std::uint16_t random : sizes) {
    const std::size_t size = 1 + random % 3000;
    if (write(*ring, size, ++mark, 1 << 20) == Room::kMade) pending.emplace_back(size, mark);
    if (random % 3 != 0) continue;
    ring->look();
    for (const auto& [expected_size, expected_mark] : pending) {
      const RecordHeader* header = ring->front();
      RC_ASSERT(header != nullptr);
      RC_ASSERT(header->shape.size == detail::whole_record(expected_size));
      const auto* bytes = reinterpret_cast<const unsigned char*>(header + 1);
      for (std::size_t i = 0; i < expected_size; ++i) RC_ASSERT(bytes[i] == expected_mark);
      ring->skip(*header);
      ring->release();
    }
    RC_ASSERT(ring->front() == nullptr);
    pending.clear();
  }
}

TEST(Ring, CarriesRecordsFromOneThreadToAnother) {
  const auto ring = ring_of(4096);
  constexpr int kRecords = 200'000;
  std::jthread producer([&] {
    for (int i = 0; i < kRecords;) {
      if (write(*ring, 24 + static_cast<std::size_t>(i) % 300, i % 251) == Room::kMade) ++i;
    }
  });
  for (int i = 0; i < kRecords;) {
    ring->look();
    for (int mark = read(*ring); mark >= 0; mark = read(*ring), ++i) ASSERT_EQ(mark, i % 251);
  }
}

}  // namespace
}  // namespace waybill::internal
