// What following a context costs per hop: each figure is what a mechanism adds to the same code
// without it.
#include <array>
#include <coroutine>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>

#include <waybill/async/context_executor.h>
#include <waybill/async/context_promise.h>
#include <waybill/core/core.h>

#include "bench/asio_chain.h"
#include "bench/harness.h"

namespace {

using benchmark::ClobberMemory;
using benchmark::DoNotOptimize;
using waybill::Context;
using waybill::Scope;

struct Work {
  std::uint64_t* count;
  void operator()() const {
    ++*count;
    ClobberMemory();
  }
};

// A callable is made, called once and dropped, as an executor does with it.
void call(benchmark::State& state) {
  const Scope scope{Context::new_trace()};
  std::uint64_t count = 0;
  for (auto _ : state) {
    Work work{&count};
    DoNotOptimize(work);
    std::move(work)();
  }
}

void bind_hop(benchmark::State& state) {
  const Scope scope{Context::new_trace()};
  std::uint64_t count = 0;
  for (auto _ : state) {
    auto bound = waybill::bind(Work{&count});
    DoNotOptimize(bound);
    std::move(bound)();
  }
}

// Every task has a context of its own, which others hold as well: nothing can be handed out in
// advance.
constexpr std::size_t kContexts = 64;

template <class Make>
void with_many_contexts(benchmark::State& state, Make make) {
  std::array<Context, kContexts> contexts;
  for (Context& context : contexts) context = Context::new_trace();
  std::uint64_t count = 0;
  std::size_t i = 0;
  for (auto _ : state) {
    auto work = [&] {
      const Scope scope{contexts[i++ % kContexts]};
      return make(Work{&count});
    }();
    DoNotOptimize(work);
    std::move(work)();
  }
}

void call_many_contexts(benchmark::State& state) {
  with_many_contexts(state, [](Work work) { return work; });
}
void bind_hop_many_contexts(benchmark::State& state) {
  with_many_contexts(state, [](Work work) { return waybill::bind(work); });
}

// A coroutine that is suspended and resumed, over and over, by an awaiter that knows nothing of
// contexts.
template <class Base>
struct Coroutine {
  struct promise_type : Base {
    Coroutine get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};
struct Plain {
  std::suspend_always initial_suspend() noexcept { return {}; }
  std::suspend_always final_suspend() noexcept { return {}; }
};

struct PlainAwaiter {
  std::coroutine_handle<>* out;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const noexcept {
    DoNotOptimize(handle);
    *out = handle;
  }
  void await_resume() const noexcept {}
};

// Under a context that nobody else holds.
template <class Base>
Coroutine<Base> hopping(std::coroutine_handle<>* out) {
  const Scope scope{Context::new_trace()};
  for (;;) co_await PlainAwaiter{out};
}
// Under a context that others hold as well.
template <class Base>
Coroutine<Base> hopping_shared(std::coroutine_handle<>* out, const Context* context) {
  const Scope scope{*context};
  for (;;) co_await PlainAwaiter{out};
}

template <class Base>
void hop(benchmark::State& state, Coroutine<Base> coroutine, std::coroutine_handle<>* out) {
  coroutine.handle.resume();
  for (auto _ : state) {
    DoNotOptimize(*out);
    out->resume();
  }
  coroutine.handle.destroy();
}

void coroutine_plain(benchmark::State& state) {
  std::coroutine_handle<> out;
  hop(state, hopping<Plain>(&out), &out);
  waybill::clear();
}
void coroutine_hop(benchmark::State& state) {
  std::coroutine_handle<> out;
  hop(state, hopping<waybill::ContextPromise<>>(&out), &out);
}
void coroutine_plain_shared(benchmark::State& state) {
  const Context context = Context::new_trace();
  std::coroutine_handle<> out;
  hop(state, hopping_shared<Plain>(&out, &context), &out);
  waybill::clear();
}
void coroutine_hop_shared(benchmark::State& state) {
  const Context context = Context::new_trace();
  const Context other = context;
  std::coroutine_handle<> out;
  hop(state, hopping_shared<waybill::ContextPromise<>>(&out, &context), &out);
}

// A handler on an io_context that posts the next one.
double asio_hop() {
  const double with =
      bench::asio_chain_ns([](auto executor) { return waybill::context_executor(executor); });
  return with - bench::asio_chain_ns();
}

double printed_by(const std::string& program) {
  double value = 0;
  FILE* output = popen((WAYBILL_BIN_DIR "/" + program).c_str(), "r");
  if (output == nullptr || std::fscanf(output, "%lf", &value) != 1) {
    std::fprintf(stderr, "%s: printed no figure\n", program.c_str());
  }
  if (output != nullptr) pclose(output);
  return value;
}
double asio_tracking_hop() {
  return printed_by("asio_chain_tracked") - printed_by("asio_chain_plain");
}

}  // namespace

int main(int argc, char** argv) {
  bench::Suite suite("async");
  suite.add_added_time("bind_hop", {.target_ns = 10}, bind_hop, call);
  suite.add_added_time("bind_hop_many_contexts", {.target_ns = 10}, bind_hop_many_contexts,
                       call_many_contexts);
  suite.add_added_time("coroutine_hop", {.target_ns = 10}, coroutine_hop, coroutine_plain);
  suite.add_added_time("coroutine_hop_shared_context", {.target_ns = 10}, coroutine_hop_shared,
                       coroutine_plain_shared);
  suite.add_measured_time("asio_hop", {.target_ns = 25}, asio_hop);
  suite.add_measured_time("asio_tracking_hop", {.target_ns = 25}, asio_tracking_hop);
  return suite.run(argc, argv);
}
