#include <chrono>
#include <mutex>

#include <pthread.h>
#include <sys/random.h>
#include <unistd.h>

#include <waybill/core/internal/random.h>

namespace waybill::internal {
namespace {

// A Weyl sequence through a multiply-and-fold mixer (the construction of wyrand). The step and the
// key are random as well as the state, so that two threads share a sequence only if all three
// agree: 190 random bits, where a state of 64 alone would let long sequences of many processes
// overlap.
struct Generator {
  std::uint64_t state = 0;
  std::uint64_t step = 0;  // odd once seeded; zero says: not seeded yet
  std::uint64_t key = 0;

  std::uint64_t next() noexcept {
    state += step;
    const auto product = static_cast<unsigned __int128>(state) * (state ^ key);
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
  }
};

constinit thread_local Generator t_generator;

void seed(Generator& generator) noexcept {
  std::uint64_t words[3];
  if (getrandom(words, sizeof words, GRND_NONBLOCK) != sizeof words) {
    // Early boot, or a sandbox without the call: time, process and address are what is left.
    words[0] =
        static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    words[1] =
        static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count()) *
        0x9e3779b97f4a7c15U;
    words[2] =
        reinterpret_cast<std::uintptr_t>(&generator) ^ (static_cast<std::uint64_t>(getpid()) << 40);
  }
  generator = {words[0], words[1] | 1, words[2]};
}

// fork() leaves one thread in the child, the one that called it, and runs the handler there: its
// generator is the only one to renew.
[[gnu::noinline, gnu::cold]] void seed_first_time(Generator& generator) noexcept {
  static std::once_flag once;
  std::call_once(once, [] { pthread_atfork(nullptr, nullptr, [] { seed(t_generator); }); });
  seed(generator);
}

Generator& generator() noexcept {
  Generator& mine = t_generator;
  if (mine.step == 0) [[unlikely]] {
    seed_first_time(mine);
  }
  return mine;
}

}  // namespace

std::uint64_t random_nonzero_64() noexcept {
  Generator& mine = generator();
  std::uint64_t word = mine.next();
  while (word == 0) [[unlikely]] {
    word = mine.next();
  }
  return word;
}

Random64x2 random_nonzero_128() noexcept {
  Generator& mine = generator();
  Random64x2 pair{{mine.next(), mine.next()}};
  while ((pair.words[0] | pair.words[1]) == 0) [[unlikely]] {
    pair.words[1] = mine.next();
  }
  return pair;
}

}  // namespace waybill::internal
