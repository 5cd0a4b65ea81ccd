// pipeline: the way of a record from the thread that writes it to sinks and exporters.
//
// Each thread writes its records, in binary form, into a ring of its own; one background thread
// takes them out, in the order of their times, and has them formatted, encoded and written in
// batches. (Where one thread hands over to another within 100 ns, the processor may have read the
// second one's clock early, and their records change places.) It starts with the first record. A
// program need not do anything: on an orderly end (return from main, exit()), records are written
// out, those of static destructors too, whatever their order. A child made by fork() starts with
// empty rings and a background thread of its own.
//
//   waybill::configure_pipeline({.when_full = waybill::WhenFull::kWait});
//   ...
//   waybill::flush(1s);       // true: all records written up to now are with their sinks
//
// What a kill -9 or a power cut takes is what was written in the last milliseconds; for crashes,
// see crash_handler.h. _exit() and quick_exit() write nothing out: call flush() before them, and
// before dlclose() of a library that has written records.
//
// Uses core.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include <waybill/pipeline/clock.h>

namespace waybill {

// What a thread does whose ring is full.
enum class WhenFull : std::uint8_t {
  kDrop,  // loses the record and counts it: the program never waits for its telemetry
  kWait,  // waits for room, up to longest_wait, then as kDrop
};

struct PipelineOptions {
  // Records are written out by the thread that writes them, before the call returns, one thread at
  // a time. For small tools, and for debugging; a call takes microseconds.
  bool synchronous = false;

  // Each thread's ring begins with this many bytes and doubles when it is full, up to the limit.
  // 4,096 to 1 GiB; rounded up to powers of two. A record takes 100 to 200 bytes.
  std::size_t ring_bytes = 32 * 1024;
  std::size_t ring_bytes_limit = 4 * 1024 * 1024;

  WhenFull when_full = WhenFull::kDrop;
  std::chrono::milliseconds longest_wait{100};

  // How long the background thread sleeps between two looks at the rings: half as long after one
  // that found many records, down to the least, and then not at all; twice as long after one that
  // found few, up to 1 ms, or none, up to the most. A ring that is half full wakes it.
  std::chrono::microseconds shortest_sleep{100};
  std::chrono::microseconds longest_sleep{10'000};

  // How long the end of the process waits for records to be written out.
  std::chrono::milliseconds exit_timeout{5'000};

  ClockSource clock = ClockSource::kAutomatic;
};

// Replaces the options. Thread-safe, and meant for the start of a program: a thread that has
// written records before, other than the calling one, takes note after some dozens more. Throws
// Error for values out of range, and when called from a sink.
void configure_pipeline(const PipelineOptions& options);

// Waits until all records that were written before the call, by whatever thread, have been handed
// to their sinks and exporters, and exporters have delivered them or given them up. False when that
// took longer than `timeout`, or when called from a sink or exporter. Thread-safe.
bool flush(std::chrono::nanoseconds timeout = std::chrono::seconds(5)) noexcept;

}  // namespace waybill
