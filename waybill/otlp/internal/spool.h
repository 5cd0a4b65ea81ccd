// Spool: batches that wait on disk for a collector to come back, one file each, in a folder that
// several processes may share.
//
//   traces-01764000000000000000-8c1f3a5b7d9e2f40.otlp   a batch; they are sent in order of names
//   traces-….otlp.tmp                                   one that is being written
//   traces-….otlp.bad                                   set aside: torn, or not such a file
//   traces.lock                                         held by the process that sends
//
// The files of a signal take no more than the limit together; beyond it the oldest is removed.
// Nothing throws but prepare(). For one thread at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/otlp/internal/signal_counters.h>
#include <waybill/otlp/internal/spool_file.h>
#include <waybill/otlp/otlp_options.h>
#include <waybill/otlp/wire_buffer.h>

namespace waybill::internal {

class Spool {
 public:
  Spool(const OtlpSpool& options, OtlpSignal signal);
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool() { release(); }

  // Makes the folder if it is missing. Throws Error when files cannot be made there.
  void prepare() const;

  // False: it could not be written, for now.
  bool write(std::string_view request, const SpooledBatch& batch) noexcept;
  // False: a request of so many bytes never can be.
  bool fits(std::size_t bytes) const noexcept { return bytes + kHeaderRoom <= bytes_limit_; }

  // The right to send what is there, which one process has at a time. False: another one has it.
  bool acquire() noexcept;
  void release() noexcept;
  bool is_acquired() const noexcept { return lock_ >= 0; }
  // Batches of this encoding are somebody else's to send.
  void leave_alone(Encoding encoding) noexcept { left_alone_ = encoding; }
  // With that right. The oldest batch that can be read here; false: there is none. It stays until
  // it is removed.
  bool next(WireBuffer& request, SpooledBatch& batch) noexcept;
  void remove_next() noexcept;

  // Whether there are files, whoever wrote them.
  bool has_files() const noexcept;
  // Records that were lost as the limit was reached.
  std::uint64_t lost() const noexcept { return lost_; }

  // In the child of a fork, instead of all else: the right to send is the parent's. The object is
  // then not to be used or destroyed.
  void abandon() noexcept;

 private:
  static constexpr std::size_t kHeaderRoom = 64;
  struct File {
    std::string name;
    std::uint64_t bytes;
  };

  std::vector<File> list() const;
  bool is_batch(std::string_view name) const noexcept;
  std::string path_of(std::string_view name) const;
  std::string next_name() noexcept;
  void make_room(std::uint64_t bytes);
  void set_aside(const std::string& name);
  void read_names();

  std::string folder_;  // with its slash
  std::string prefix_;
  std::uint64_t bytes_limit_;
  std::optional<Encoding> left_alone_;
  SignalCounters& counters_;
  std::int64_t last_number_ = 0;
  std::uint64_t lost_ = 0;

  // What the files take together, as it was known at that time, with our own since then.
  std::uint64_t known_bytes_ = 0;
  std::chrono::steady_clock::time_point known_at_ = {};
  bool is_known_ = false;

  std::atomic<int> lock_ = -1;
  std::vector<std::string> names_;  // to be sent, the oldest last
};

}  // namespace waybill::internal
