// Kinds of queue that live in rooms of their own, because of what they link.
//
//   waybill::queue::enable_redis();                            // room queue_redis
//   auto queue = waybill::queue::open("redis://127.0.0.1:6379?queue=invoices");
//
// For those who write one: implement Queue and Lease, have open() find it by its scheme, and pass
// the tests of waybill/queue/conformance.
#pragma once

#include <memory>
#include <string_view>

#include <waybill/queue/queue.h>

namespace waybill::queue {

// Gets what open() got; the options are within their ranges.
using OpenFunction = std::unique_ptr<Queue> (*)(std::string_view url, const Options& options);

// From here on open() has urls that begin with "SCHEME:" opened by this function. The scheme is a
// literal. Thread-safe; the same one twice is once.
void add_kind(std::string_view scheme, OpenFunction open_function);

}  // namespace waybill::queue
