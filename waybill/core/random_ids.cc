// Random ids: one generator a thread, seeded by the operating system, and seeded afresh in the
// child after fork(). Unpredictable enough to be unique, not to keep a secret.
#include <chrono>
#include <cstring>

#include <pthread.h>
#include <sys/random.h>
#include <unistd.h>

#include <waybill/core/ids.h>

namespace waybill {
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

[[gnu::tls_model("initial-exec")]] constinit thread_local Generator t_generator;

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
//
// Registered when the library is loaded, before there is a second thread: where a thread registered
// it on first use, the child of a fork in that moment would wait for it for ever.
[[gnu::constructor]] void register_fork_handler() noexcept {
  pthread_atfork(nullptr, nullptr, [] { seed(t_generator); });
}

Generator& generator() noexcept {
  if (t_generator.step == 0) [[unlikely]] {
    seed(t_generator);
  }
  return t_generator;
}

}  // namespace

TraceId TraceId::random() noexcept {
  Generator& mine = generator();
  TraceId id;
  do {
    const std::uint64_t words[] = {mine.next(), mine.next()};
    std::memcpy(id.bytes_, words, sizeof words);
  } while (!id.is_valid());
  return id;
}

SpanId SpanId::random() noexcept {
  Generator& mine = generator();
  SpanId id;
  do {
    const std::uint64_t word = mine.next();
    std::memcpy(id.bytes_, &word, sizeof word);
  } while (!id.is_valid());
  return id;
}

}  // namespace waybill
