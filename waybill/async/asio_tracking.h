// asio_tracking: an Asio program, unedited, in which every handler and coroutine has its context.
//
//   target_link_libraries(service PRIVATE waybill::asio_tracking)  # CMake, and nothing else
//
//   Scope scope{job};
//   timer.async_wait([](error_code) { ... });             // runs under job, on whichever thread
//   co_spawn(io, serve(std::move(socket)), detached);     // so does this, after each co_await
//
// Link the target, or define BOOST_ASIO_CUSTOM_HANDLER_TRACKING (for standalone Asio:
// ASIO_CUSTOM_HANDLER_TRACKING) as <waybill/async/asio_tracking.h>, and include nothing: Asio does.
// It is the interface through which Asio reports to debuggers where handlers are made and run. Here
// an operation keeps the context in which it was started and its handler runs under that one; so is
// it destroyed under that one, if it never runs. The thread then has what it had before. A
// coroutine may hold scopes across co_await, and takes them along from thread to thread; what it
// spawns inherits its context and leaves it as it was.
//
// The trap: all of a program has to be compiled alike. Asio's operations are two words larger with
// tracking, and a program in which one source file knows of that and another does not is broken,
// without a word from the compiler: define it for every target that includes Asio, those of other
// libraries too. Where files that use Waybill's headers of Asio disagree, the linker says that a
// symbol ..._handler_tracking_must_be_alike_in_all_files is defined twice (ELF, without LTO).
//
// The rooms http and worker have Asio in their compiled part: a program that links them is tracked
// if Waybill was built so (-DWAYBILL_ASIO_TRACKING=ON), and is refused here if it was not.
//
// What resumes without an operation of Asio's own cannot be seen, and continues under the context
// of whoever resumes it: a handler that the program itself keeps, and calls or posts later, and
// experimental::promise. Keep waybill::bind_context(handler) instead. What else begins inline,
// asio::spawn and experimental::coro, leaves the scopes that are open when it first suspends to
// whoever began it: begin it through post().
#pragma once

// The hooks are for Asio's eyes and cost nothing in a file that does not define them; the library's
// own headers that use Asio include this one for the check alone.
#if defined(__ELF__)
#if defined(BOOST_ASIO_CUSTOM_HANDLER_TRACKING)
#define WAYBILL_BOOST_ASIO_TRACKED "1"
#else
#define WAYBILL_BOOST_ASIO_TRACKED "0"
#endif
#if defined(ASIO_CUSTOM_HANDLER_TRACKING)
#define WAYBILL_ASIO_TRACKED "1"
#else
#define WAYBILL_ASIO_TRACKED "0"
#endif

// An absolute symbol may be defined again with the same value, and not with another one. The guards
// are those of Asio's first header: which of the two Asios is in use here.
#if defined(BOOST_ASIO_DETAIL_CONFIG_HPP)
asm(".globl boost_asio_handler_tracking_must_be_alike_in_all_files\n"
    ".hidden boost_asio_handler_tracking_must_be_alike_in_all_files\n"
    ".set boost_asio_handler_tracking_must_be_alike_in_all_files, " WAYBILL_BOOST_ASIO_TRACKED);
#endif
#if defined(ASIO_DETAIL_CONFIG_HPP)
asm(".globl asio_handler_tracking_must_be_alike_in_all_files\n"
    ".hidden asio_handler_tracking_must_be_alike_in_all_files\n"
    ".set asio_handler_tracking_must_be_alike_in_all_files, " WAYBILL_ASIO_TRACKED);
#endif
#undef WAYBILL_BOOST_ASIO_TRACKED
#undef WAYBILL_ASIO_TRACKED
#endif

#if defined(BOOST_ASIO_CUSTOM_HANDLER_TRACKING) && defined(WAYBILL_ASIO_UNTRACKED)
#error "waybill::http and ::worker were built without handler tracking; see WAYBILL_ASIO_TRACKING"
#endif

#if defined(BOOST_ASIO_CUSTOM_HANDLER_TRACKING) || defined(ASIO_CUSTOM_HANDLER_TRACKING)

#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include <waybill/core/ambient.h>

namespace waybill::detail {

// The base of Asio's operations: where the operation was started. Null until the hook for that is
// called; the reference goes with the operation, whether it completes or not.
class AsioOperation {
 protected:
  AsioOperation() noexcept = default;
  ~AsioOperation() = default;

 private:
  friend class AsioCompletion;
  template <class ExecutionContext>
  friend void asio_operation_started(const ExecutionContext&, AsioOperation&, const char*,
                                     const void*, std::uintmax_t, const char*) noexcept;

  AmbientCapture started_;
};

template <class ExecutionContext>
inline void asio_operation_started(const ExecutionContext&, AsioOperation& operation, const char*,
                                   const void*, std::uintmax_t, const char*) noexcept {
  operation.started_ = capture_ambient();
}

// Lives from when Asio takes an operation's handler out until that handler is destroyed, invoked or
// not.
class AsioCompletion {
 public:
  explicit AsioCompletion(AsioOperation& operation) noexcept
      : bracket_(std::move(operation.started_)) {}

 private:
  const AmbientBracket bracket_;
};

// Surrounds the start of a step in Asio's own code. One of them starts a coroutine, within
// co_spawn() where the executor permits: what the coroutine leaves open must not reach its spawner.
class AsioLocation {
 public:
  AsioLocation(const char*, int, const char* function) noexcept {
    if (function != nullptr && std::strcmp(function, "co_spawn_entry_point") == 0) {
      bracket_.emplace(capture_ambient());
    }
  }

 private:
  std::optional<AmbientBracket> bracket_;
};

template <class... Arguments>
inline void asio_hook_ignored(const Arguments&...) noexcept {}

}  // namespace waybill::detail

#endif

#if defined(BOOST_ASIO_CUSTOM_HANDLER_TRACKING)
#define BOOST_ASIO_INHERIT_TRACKED_HANDLER : public ::waybill::detail::AsioOperation
#define BOOST_ASIO_ALSO_INHERIT_TRACKED_HANDLER , public ::waybill::detail::AsioOperation
#define BOOST_ASIO_HANDLER_TRACKING_INIT static_cast<void>(0)
#define BOOST_ASIO_HANDLER_LOCATION(args) \
  const ::waybill::detail::AsioLocation tracked_location args
#define BOOST_ASIO_HANDLER_CREATION(args) ::waybill::detail::asio_operation_started args
#define BOOST_ASIO_HANDLER_COMPLETION(args) \
  const ::waybill::detail::AsioCompletion tracked_completion args
#define BOOST_ASIO_HANDLER_INVOCATION_BEGIN(args) static_cast<void>(0)
#define BOOST_ASIO_HANDLER_INVOCATION_END static_cast<void>(0)
#define BOOST_ASIO_HANDLER_OPERATION(args) static_cast<void>(0)
#define BOOST_ASIO_HANDLER_REACTOR_REGISTRATION(args) static_cast<void>(0)
#define BOOST_ASIO_HANDLER_REACTOR_DEREGISTRATION(args) static_cast<void>(0)
#define BOOST_ASIO_HANDLER_REACTOR_READ_EVENT 0
#define BOOST_ASIO_HANDLER_REACTOR_WRITE_EVENT 0
#define BOOST_ASIO_HANDLER_REACTOR_ERROR_EVENT 0
#define BOOST_ASIO_HANDLER_REACTOR_EVENTS(args) ::waybill::detail::asio_hook_ignored args
#define BOOST_ASIO_HANDLER_REACTOR_OPERATION(args) static_cast<void>(0)
#endif

#if defined(ASIO_CUSTOM_HANDLER_TRACKING)
#define ASIO_INHERIT_TRACKED_HANDLER : public ::waybill::detail::AsioOperation
#define ASIO_ALSO_INHERIT_TRACKED_HANDLER , public ::waybill::detail::AsioOperation
#define ASIO_HANDLER_TRACKING_INIT static_cast<void>(0)
#define ASIO_HANDLER_LOCATION(args) const ::waybill::detail::AsioLocation tracked_location args
#define ASIO_HANDLER_CREATION(args) ::waybill::detail::asio_operation_started args
#define ASIO_HANDLER_COMPLETION(args) \
  const ::waybill::detail::AsioCompletion tracked_completion args
#define ASIO_HANDLER_INVOCATION_BEGIN(args) static_cast<void>(0)
#define ASIO_HANDLER_INVOCATION_END static_cast<void>(0)
#define ASIO_HANDLER_OPERATION(args) static_cast<void>(0)
#define ASIO_HANDLER_REACTOR_REGISTRATION(args) static_cast<void>(0)
#define ASIO_HANDLER_REACTOR_DEREGISTRATION(args) static_cast<void>(0)
#define ASIO_HANDLER_REACTOR_READ_EVENT 0
#define ASIO_HANDLER_REACTOR_WRITE_EVENT 0
#define ASIO_HANDLER_REACTOR_ERROR_EVENT 0
#define ASIO_HANDLER_REACTOR_EVENTS(args) ::waybill::detail::asio_hook_ignored args
#define ASIO_HANDLER_REACTOR_OPERATION(args) static_cast<void>(0)
#endif
