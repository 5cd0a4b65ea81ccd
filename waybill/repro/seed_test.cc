#include <set>

#include <gtest/gtest.h>

#include <waybill/repro/seed.h>

namespace waybill {
namespace {

// Values of Python's hashlib, as the header says them.
TEST(DeriveSeed, IsWhatTheHeaderSays) {
  EXPECT_EQ(derive_seed(0u, ""), 8794265229978523055u);
  EXPECT_EQ(derive_seed(42u, "shuffle"), 468471837776830203u);
  EXPECT_EQ(derive_seed(18446744073709551615u, "noise/3"), 5649521488248998489u);
  EXPECT_EQ(derive_seed(1u, "\xc3\xa9t\xc3\xa9"), 7107007143805719655u);
}

TEST(DeriveSeed, DependsOnSeedAndName) {
  std::set<std::uint64_t> all;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    for (const char* name : {"", "a", "b", "ab"}) all.insert(derive_seed(seed, name));
  }
  EXPECT_EQ(all.size(), 400u);
}

// The 10000th number of the default engine is in the standard ([rand.predef]).
TEST(Rng, IsTheStandardsEngineWithTheDerivedSeed) {
  std::mt19937_64 standard;
  standard.discard(9999);
  EXPECT_EQ(standard(), 9981545732273789042u);
  auto engine = rng(42, "shuffle");
  std::mt19937_64 expected(derive_seed(42, "shuffle"));
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(engine(), expected());
  EXPECT_NE(rng(42, "shuffle")(), rng(42, "noise")());
}

TEST(RandomSeed, DiffersEachTimeAndIsExactInADouble) {
  std::set<std::uint64_t> all;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t seed = random_seed();
    EXPECT_EQ(static_cast<std::uint64_t>(static_cast<double>(seed)), seed);
    all.insert(seed);
  }
  EXPECT_EQ(all.size(), 1000u);
}

}  // namespace
}  // namespace waybill
