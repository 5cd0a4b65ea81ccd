// SpanExporter: where ended spans go.
//
//   otlp_span_exporter()      room otlp: to a collector, over the network
//   memory_span_exporter()    memory_span_exporter.h: for tests
#pragma once

#include <string>

#include <waybill/trace/ended_span.h>

namespace waybill {

class SpanExporter {
 public:
  virtual ~SpanExporter() = default;

  // Takes one span, which refers to memory that is another's after the call. Called by one thread
  // at a time, on the background thread: while it runs nothing else is written, so whoever has to
  // wait for a network does so on a thread of its own, and is a Delivery (pipeline/delivery.h).
  virtual void consume(const EndedSpan& span) noexcept = 0;

  // There is nothing more for now. Also called while idle, some times a second. `flushing`:
  // somebody waits for what was consumed to be on its way.
  virtual void end_of_batch(bool flushing) noexcept { (void)flushing; }

  // In the child of a fork: forget what was consumed; the parent has it, too. Threads are gone.
  virtual void after_fork_in_child() noexcept {}

  // What a person knows the place by.
  virtual std::string name() const { return "a span exporter"; }
};

}  // namespace waybill
