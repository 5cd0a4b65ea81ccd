// async: the ambient context, right in every thread, pool, future, coroutine, timer and Asio
// handler.
//
//   waybill::ThreadPool pool;
//   waybill::task<> handle(Request request) {
//     Scope scope{Context::current().with({{"job_id", request.id}})};
//     co_await pool.schedule();                       // another thread, the same job_id
//     Rows rows = co_await run_in_thread(query, request.sql);
//     log.info("{} rows", rows.size());               // and still
//   }
//
// docs/async.md says for each construct which line to write. By what one starts from:
//
//   threads      thread.h, thread_pool.h, run_in_thread.h, parallel.h, propagating.h
//   coroutines   task.h, when_all.h, when_any.h, sleep.h, spawn.h, sync_wait.h, generator.h,
//                context_promise.h for types of one's own
//   Asio         asio_tracking.h (no edits at all), co_spawn.h, context_executor.h, make_strand.h,
//                use_awaitable.h, bind_context.h, timers.h, async_wait.h
//   others       tbb.h, openmp.h; not included here, as they need those libraries
//
// Uses core, and Boost's Asio (or standalone Asio, see detail/asio_config.h). Headers alone: a
// program compiles all its Asio alike. detail/ holds what these headers are made of.
#pragma once

#include <waybill/async/async_wait.h>
#include <waybill/async/bind_context.h>
#include <waybill/async/co_spawn.h>
#include <waybill/async/context_executor.h>
#include <waybill/async/context_promise.h>
#include <waybill/async/default_pool.h>
#include <waybill/async/future.h>
#include <waybill/async/generator.h>
#include <waybill/async/make_strand.h>
#include <waybill/async/parallel.h>
#include <waybill/async/propagating.h>
#include <waybill/async/run_in_thread.h>
#include <waybill/async/sleep.h>
#include <waybill/async/spawn.h>
#include <waybill/async/sync_wait.h>
#include <waybill/async/task.h>
#include <waybill/async/thread.h>
#include <waybill/async/thread_pool.h>
#include <waybill/async/timers.h>
#include <waybill/async/use_awaitable.h>
#include <waybill/async/when_all.h>
#include <waybill/async/when_any.h>
