// What stands in the place of std::cout, stdout and their like while they are captured. Once made,
// it stays for ever, and passes on what it gets to the stream whose place it had: another thread
// may be printing when a capture ends.
#pragma once

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <iostream>
#include <streambuf>
#include <string_view>
#include <system_error>

#include <sys/types.h>

#include <waybill/bridges/stdio/capture_settings.h>
#include <waybill/bridges/stdio/thread_lines.h>
#include <waybill/core/error.h>

namespace waybill::stdio_bridge::detail {

// Has no buffer, and so nothing that threads would have to share.
class CapturedBuffer final : public std::streambuf {
 public:
  explicit CapturedBuffer(Stream stream) : stream_(stream) {}

  void take_place_of(std::ostream& stream) {
    stream.flush();
    if (stream.rdbuf() == this) return;
    original_ = stream.rdbuf();
    stream.rdbuf(this);
  }
  void give_back(std::ostream& stream) {
    if (stream.rdbuf() == this) stream.rdbuf(original_);
  }

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    const CaptureSettings* settings = settings_for(stream_);
    if (settings == nullptr) return original()->sputn(text, size);
    capture(*settings, stream_, {text, static_cast<std::size_t>(size)});
    return size;
  }
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    const char text = traits_type::to_char_type(c);
    return xsputn(&text, 1) == 1 ? c : traits_type::eof();
  }
  int sync() override { return settings_for(stream_) == nullptr ? original()->pubsync() : 0; }

 private:
  std::streambuf* original() const noexcept { return original_.load(std::memory_order_acquire); }

  Stream stream_;
  std::atomic<std::streambuf*> original_ = nullptr;
};

// A FILE without a buffer: what a call prints is handed over before it returns, by its own thread.
class CapturedFile {
 public:
  // Throws Error when there is no memory for it.
  explicit CapturedFile(Stream stream) : stream_(stream) {
    file_ = fopencookie(this, "w",
                        {.read = nullptr, .write = write, .seek = nullptr, .close = nullptr});
    if (file_ == nullptr) {
      throw Error("cannot make a stream: " +
                  std::error_code(errno, std::generic_category()).message());
    }
    std::setvbuf(file_, nullptr, _IONBF, 0);
  }
  CapturedFile(const CapturedFile&) = delete;
  CapturedFile& operator=(const CapturedFile&) = delete;
  ~CapturedFile() = default;  // never

  void take_place_of(FILE*& variable) {
    std::fflush(variable);
    if (variable == file_) return;
    original_ = variable;
    variable = file_;
  }
  void give_back(FILE*& variable) {
    if (variable == file_) variable = original_;
  }

 private:
  static ssize_t write(void* self, const char* text, std::size_t size) {
    const auto& file = *static_cast<const CapturedFile*>(self);
    const CaptureSettings* settings = settings_for(file.stream_);
    if (settings == nullptr) {
      return static_cast<ssize_t>(std::fwrite(text, 1, size, file.original_.load()));
    }
    capture(*settings, file.stream_, {text, size});
    return static_cast<ssize_t>(size);
  }

  Stream stream_;
  FILE* file_;
  std::atomic<FILE*> original_ = nullptr;
};

class ReplacedStreams {
 public:
  static ReplacedStreams& get() {
    static ReplacedStreams& forever = *new ReplacedStreams;
    return forever;
  }

  void capture(const CaptureSettings& settings) {
    g_settings.store(&settings, std::memory_order_release);
    if (settings.of(Stream::kOutput).captured) {
      cout_.take_place_of(std::cout);
      stdout_.take_place_of(stdout);
    }
    if (settings.of(Stream::kError).captured) {
      cerr_.take_place_of(std::cerr);
      clog_.take_place_of(std::clog);
      stderr_.take_place_of(stderr);
    }
  }

  void give_back() {
    cout_.give_back(std::cout);
    stdout_.give_back(stdout);
    cerr_.give_back(std::cerr);
    clog_.give_back(std::clog);
    stderr_.give_back(stderr);
    g_settings.store(nullptr, std::memory_order_release);
    Threads::get().end_lines();
  }

 private:
  ReplacedStreams() { Threads::get(); }

  CapturedBuffer cout_{Stream::kOutput};
  CapturedBuffer cerr_{Stream::kError};
  CapturedBuffer clog_{Stream::kError};
  CapturedFile stdout_{Stream::kOutput};
  CapturedFile stderr_{Stream::kError};
};

}  // namespace waybill::stdio_bridge::detail
