// waybill::co_spawn: starts an Asio coroutine under the caller's context.
//
//   Scope scope{job};
//   waybill::co_spawn(io, fetch(url), asio::detached);         // fetch() begins under `job`
//   waybill::co_spawn(io, Context::new_trace(), housekeeping(), asio::detached);
//
// The child runs on a ContextExecutor made of the given executor. So whatever it awaits, with
// Asio's own tokens too, in `a && b`, or in what it spawns, each coroutine has its own context
// after every co_await. What the child does with its context changes nothing for the caller, and
// the completion handler runs under the caller's.
//
// The parameters are those of asio::co_spawn: an executor or an execution context; an awaitable or
// a function that returns one; a completion token. Call it qualified: unqualified,
// argument-dependent lookup finds Asio's as well.
#pragma once

#include <cstdint>
#include <exception>
#include <type_traits>
#include <utility>

#include <waybill/async/bind_context.h>
#include <waybill/async/context_executor.h>
#include <waybill/async/detail/asio_config.h>

#include WAYBILL_ASIO(any_io_executor.hpp)
#include WAYBILL_ASIO(awaitable.hpp)
#include WAYBILL_ASIO(co_spawn.hpp)
#include WAYBILL_ASIO(io_context.hpp)

namespace waybill {
namespace detail {

// Puts a ContextExecutor around an executor, if there is none yet. The context given to it serves
// operations that do not ask for one when they begin, as all of Asio's do.
template <class Executor>
auto carrying(const Executor& executor, const Context& given) noexcept {
  return context_executor(executor, given);
}
inline asio::any_io_executor carrying(const asio::any_io_executor& executor, const Context& given) {
  using Plain = asio::io_context::executor_type;
  using Erased = ContextExecutor<asio::any_io_executor>;
  if (const auto* carries = executor.target<ContextExecutor<Plain>>()) {
    return context_executor(*carries, given);
  }
  if (const auto* carries = executor.target<Erased>()) return context_executor(*carries, given);
  // Small enough to be kept in an any_io_executor without an allocation.
  if (const auto* plain = executor.target<Plain>()) return context_executor(*plain, given);
  return context_executor(executor, given);
}

template <class Executor>
concept AsioExecutor = asio::execution::is_executor<Executor>::value;

template <class Executor>
concept AsioContext = std::is_convertible_v<Executor&, asio::execution_context&>;

template <class T>
struct Spawned;  // undefined: this returns no awaitable
template <class T, class Executor>
struct Spawned<asio::awaitable<T, Executor>> {
  using executor_type = Executor;
  using signature = void(std::exception_ptr, T);
};
template <class Executor>
struct Spawned<asio::awaitable<void, Executor>> {
  using executor_type = Executor;
  using signature = void(std::exception_ptr);
};

// What a coroutine is made of: an awaitable itself, or a function that returns one.
template <class F>
struct SpawnedBy : Spawned<std::invoke_result_t<F>> {};
template <class T, class Executor>
struct SpawnedBy<asio::awaitable<T, Executor>> : Spawned<asio::awaitable<T, Executor>> {};

// Stands for a child's outermost scope, so that its own empty context, after clear(), is not taken
// for none.
inline constexpr std::uintptr_t kChildScope = 0;

// Begins the child under `context`, or under the caller's.
template <class ChildExecutor, class Executor>
class SpawnInitiation {
 public:
  using executor_type = Executor;

  SpawnInitiation(Executor executor, const Context* context) noexcept
      : executor_(std::move(executor)), given_(context != nullptr) {
    if (given_) context_ = *context;
  }

  executor_type get_executor() const noexcept { return executor_; }

  template <class Handler, class F>
  void operator()(Handler&& handler, F&& function) const {
    ContextBinder<std::decay_t<Handler>> completion(capture_ambient(),
                                                    std::forward<Handler>(handler));
    const Context context = given_ ? context_ : completion.capture().context;
    // Without the caller's scopes: those are not the child's to end.
    const AmbientBracket bracket(AmbientCapture{context, context.empty() ? nullptr : &kChildScope});
    asio::co_spawn(ChildExecutor(carrying(executor_, context)), std::forward<F>(function),
                   std::move(completion));
  }

 private:
  Executor executor_;
  Context context_;
  bool given_;
};

template <class Executor, class F, class Token>
auto spawn(const Executor& executor, const Context* context, F&& function, Token&& token) {
  using Child = SpawnedBy<std::decay_t<F>>;
  using ChildExecutor = typename Child::executor_type;
  using Carrying = decltype(carrying(executor, Context{}));
  static_assert(std::is_convertible_v<Carrying, ChildExecutor>,
                "the coroutine's executor type cannot hold a ContextExecutor: return "
                "asio::awaitable<T>, or asio::awaitable<T, waybill::ContextExecutor<Executor>>");
  return asio::async_initiate<Token, typename Child::signature>(
      SpawnInitiation<ChildExecutor, Executor>(executor, context), token,
      std::forward<F>(function));
}

}  // namespace detail

template <detail::AsioExecutor Executor, class F, class Token>
auto co_spawn(const Executor& executor, F&& function, Token&& token) {
  return detail::spawn(executor, nullptr, std::forward<F>(function), std::forward<Token>(token));
}
template <detail::AsioContext ExecutionContext, class F, class Token>
auto co_spawn(ExecutionContext& execution_context, F&& function, Token&& token) {
  return detail::spawn(execution_context.get_executor(), nullptr, std::forward<F>(function),
                       std::forward<Token>(token));
}

// The child begins under `context` instead.
template <detail::AsioExecutor Executor, class F, class Token>
auto co_spawn(const Executor& executor, const Context& context, F&& function, Token&& token) {
  return detail::spawn(executor, &context, std::forward<F>(function), std::forward<Token>(token));
}
template <detail::AsioContext ExecutionContext, class F, class Token>
auto co_spawn(ExecutionContext& execution_context, const Context& context, F&& function,
              Token&& token) {
  return detail::spawn(execution_context.get_executor(), &context, std::forward<F>(function),
                       std::forward<Token>(token));
}

}  // namespace waybill
