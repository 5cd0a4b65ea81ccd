// ContextExecutor: an Asio executor under which everything runs with one context as the ambient
// one.
//
//   co_spawn(ContextExecutor(inner, context), work(), detached);
//
// Each piece of work that goes through it, and a coroutine's resumption is one, has the context
// installed before and the thread's own put back after. What it keeps never changes, so branches
// that run in parallel can share it; what a piece of work installs for itself ends with that piece.
#pragma once

#include <utility>

#include <boost/asio/any_io_executor.hpp>

#include <waybill/core/bind.h>
#include <waybill/core/context.h>

namespace waybill::http::internal {

class ContextExecutor {
 public:
  ContextExecutor(boost::asio::any_io_executor inner, Context context) noexcept
      : inner_(std::move(inner)), context_(std::move(context)) {}

  template <class F>
  void execute(F&& work) const {
    inner_.execute(waybill::bind(context_, std::forward<F>(work)));
  }

  // Properties are the inner executor's; a changed one is wrapped again.
  template <class Property>
    requires(boost::asio::can_query_v<const boost::asio::any_io_executor&, Property>)
  decltype(auto) query(const Property& property) const {
    return boost::asio::query(inner_, property);
  }
  template <class Property>
    requires(boost::asio::can_require_v<const boost::asio::any_io_executor&, Property>)
  ContextExecutor require(const Property& property) const {
    return {boost::asio::require(inner_, property), context_};
  }
  template <class Property>
    requires(boost::asio::can_prefer_v<const boost::asio::any_io_executor&, Property> &&
             !boost::asio::can_require_v<const boost::asio::any_io_executor&, Property>)
  ContextExecutor prefer(const Property& property) const {
    return {boost::asio::prefer(inner_, property), context_};
  }

  friend bool operator==(const ContextExecutor& a, const ContextExecutor& b) noexcept {
    return a.inner_ == b.inner_ && a.context_ == b.context_;
  }
  friend bool operator!=(const ContextExecutor& a, const ContextExecutor& b) noexcept {
    return !(a == b);
  }

 private:
  boost::asio::any_io_executor inner_;
  Context context_;
};

}  // namespace waybill::http::internal
