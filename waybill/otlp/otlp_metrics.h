// How the OTLP exporters of this process are doing, by signal: what arrived, what waits, what is
// lost and why.
#pragma once

#include <cstdint>

namespace waybill {

// Since the start of the process, of all exporters of a signal together. Records are spans, log
// records or metric points.
struct OtlpSignalMetrics {
  std::uint64_t exported = 0;  // records that a collector has taken
  std::uint64_t requests = 0;  // with them
  std::uint64_t bytes = 0;     // of those requests, before compression
  std::uint64_t rejected =
      0;  // records in them that the collector did not take ("partial success")
  std::uint64_t failures = 0;  // requests that did not arrive or were not taken
  std::uint64_t retries = 0;   // requests that were made after one that had failed for now

  // Lost records, by reason.
  struct Dropped {
    std::uint64_t queue_full = 0;   // OtlpOptions::queue_bytes
    std::uint64_t spool_full = 0;   // OtlpSpool::bytes_limit; the oldest
    std::uint64_t refused = 0;      // the collector says that it never takes them
    std::uint64_t gave_up = 0;      // OtlpRetry::give_up_after
    std::uint64_t ended = 0;        // the process ended, or the exporter was replaced
    std::uint64_t not_encoded = 0;  // there was no memory, or the record was malformed
    std::uint64_t all() const noexcept {
      return queue_full + spool_full + refused + gave_up + ended + not_encoded;
    }
  } dropped;

  std::uint64_t spooled = 0;           // records written to disk
  std::uint64_t spool_failures = 0;    // batches that could not be written there, for now
  std::uint64_t spool_unreadable = 0;  // files found there that were torn or somebody else's, and
                                       // now have ".bad" behind their names

  std::uint64_t queue_bytes = 0;  // now: waiting in memory
};

struct OtlpMetrics {
  OtlpSignalMetrics traces;
  OtlpSignalMetrics metrics;
  OtlpSignalMetrics logs;
};

// Thread-safe. The counters are read one after the other, while others count on.
OtlpMetrics otlp_metrics() noexcept;

}  // namespace waybill
