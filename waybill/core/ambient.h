// The ambient context as something that can be moved about: what Scope, bind() and the async room
// are made of. Programs need scope.h and bind.h; this is for whoever writes what runs programs, an
// executor or a coroutine type.
//
// Each thread has a place that says what is current; a suspended coroutine takes its content along.
// References move with the content, they are not counted again: what a scope or a bracket covers
// up, with the reference that belongs to it, stays with that scope until it puts it back.
#pragma once

#include <cstdint>
#include <utility>

#include <waybill/core/context.h>

namespace waybill::detail {

// The content of a thread's place: two words, so that functions pass it in registers.
class Ambient {
 public:
  constexpr Ambient() noexcept = default;
  // `innermost` tells which Scope is the innermost open one. It is compared, never followed: that
  // scope may be long gone. `owned`: a reference to `node` goes with this; otherwise somebody else
  // keeps the node alive.
  Ambient(const ContextNode* node, const void* innermost, bool owned) noexcept
      : node_(node),
        innermost_(reinterpret_cast<std::uintptr_t>(innermost) | (owned && node != nullptr)) {}

  // A copy, word by word. What was written a moment ago in two words is slow to read as one vector,
  // which is how compilers copy 16 bytes.
  Ambient words() const noexcept {
    Ambient copy;
    copy.node_ = node_;
    copy.innermost_ = innermost_;
    asm("" : "+r"(copy.node_), "+r"(copy.innermost_));
    return copy;
  }

  const ContextNode* node() const noexcept { return node_; }
  bool owned() const noexcept { return (innermost_ & 1) != 0; }
  const void* innermost() const noexcept {
    return reinterpret_cast<const void*>(innermost_ & ~std::uintptr_t{1});
  }

 private:
  friend class waybill::Context;  // whose reference to the ambient one is one to node_

  const ContextNode* node_ = nullptr;
  std::uintptr_t innermost_ = 0;  // and, in its lowest bit, whether owned
};

// Puts `next` into this thread's place, and returns what was there.
Ambient exchange_ambient(Ambient next) noexcept;

// For a coroutine that is about to hand out its handle: moves what is current out, into the frame.
// The same node stays current on this thread, kept alive by a reference of the place's own where
// need be: once the handle is out, another thread may resume the coroutine, end it and free its
// frame. `resumer` is what will be put back, and alive until then.
Ambient move_out_ambient(Ambient resumer) noexcept;

// exchange_ambient(), and drops what was there.
void leave_ambient(Ambient next) noexcept;

inline void drop(const Ambient& ambient) noexcept {
  if (ambient.owned()) release(ambient.node());
}

// A context and the reference it holds, taken apart and put together.
struct ContextReference {
  static const ContextNode* view(const Context& context) noexcept { return context.node_; }
  static const ContextNode* take(Context&& context) noexcept {
    return std::exchange(context.node_, nullptr);
  }
  static Context adopt(const ContextNode* node) noexcept { return Context(node); }
};

// The ambient context, to carry elsewhere, and with it which scopes may end there.
struct AmbientCapture {
  Context context;
  const void* innermost = nullptr;
};
// What is current, with a reference of its own.
Ambient share_ambient() noexcept;
inline AmbientCapture capture_ambient() noexcept {
  const Ambient current = share_ambient();
  return {ContextReference::adopt(current.node()), current.innermost()};
}

// Brackets a call: installs, and puts back what was there, whatever the call leaves behind. Belongs
// on the stack.
class AmbientBracket {
 public:
  // Takes the reference over: code that leaves a scope open, as a coroutine does, takes it along.
  explicit AmbientBracket(AmbientCapture&& capture) noexcept
      : previous_(exchange_ambient(
            {ContextReference::take(std::move(capture.context)), capture.innermost, true})) {}
  AmbientBracket(const AmbientBracket&) = delete;
  AmbientBracket& operator=(const AmbientBracket&) = delete;
  ~AmbientBracket() { leave_ambient(previous_); }

 private:
  Ambient previous_;
};

}  // namespace waybill::detail
