// Where the pieces of a line are put together, for each thread by itself.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pthread.h>

#include <waybill/bridges/stdio/capture_settings.h>
#include <waybill/core/context.h>
#include <waybill/core/scope.h>

namespace waybill::stdio_bridge::detail {

// The unfinished lines of one thread. Its lock is for those that end them from outside.
class ThreadLines {
 public:
  void add(const CaptureSettings& settings, Stream stream, std::string_view text) noexcept {
    const std::lock_guard lock(mutex_);
    UnfinishedLine& line = lines_[static_cast<std::size_t>(stream)];
    line.settings = &settings;
    while (!text.empty()) {
      const std::size_t newline = text.find('\n');
      const std::string_view piece = text.substr(0, newline);
      if (newline == std::string_view::npos) {
        add_piece(line, stream, piece);
        break;
      }
      if (line.text.empty() && piece.size() <= settings.longest_line) {
        record_line(settings, stream, piece);
      } else {
        add_piece(line, stream, piece);
        record(line, stream);
      }
      text.remove_prefix(newline + 1);
    }
    const Context& context = line.text.empty() ? Context() : Context::current();
    if (!(line.context == context)) line.context = context;
  }

  // Thread-safe. Records without the lock: a sink may be waiting for it.
  void end_lines() noexcept {
    std::array<UnfinishedLine, kStreams> ended;
    {
      const std::lock_guard lock(mutex_);
      ended.swap(lines_);
    }
    for (const Stream stream : {Stream::kOutput, Stream::kError}) {
      UnfinishedLine& line = ended[static_cast<std::size_t>(stream)];
      if (line.text.empty()) continue;
      const Scope scope{line.context};
      record(line, stream);
    }
  }

 private:
  struct UnfinishedLine {
    std::string text;
    Context context;  // of its last piece
    const CaptureSettings* settings = nullptr;
  };

  static void record(UnfinishedLine& line, Stream stream) noexcept {
    record_line(*line.settings, stream, line.text);
    line.text.clear();
  }

  // Records what there is of the line whenever it is as long as lines may be.
  static void add_piece(UnfinishedLine& line, Stream stream, std::string_view piece) noexcept {
    const std::size_t longest = line.settings->longest_line;
    while (line.text.size() + piece.size() > longest) {
      const std::size_t size = whole_characters(piece, longest - line.text.size());
      append(line, stream, piece.substr(0, size));
      piece.remove_prefix(size);
      record(line, stream);
    }
    append(line, stream, piece);
  }

  static void append(UnfinishedLine& line, Stream stream, std::string_view piece) noexcept {
    try {
      line.text.append(piece);
    } catch (...) {  // no memory: the line falls to pieces
      record(line, stream);
      record_line(*line.settings, stream, piece);
    }
  }

  // At most `size`, and less by what would be the beginning of a character of UTF-8.
  static std::size_t whole_characters(std::string_view text, std::size_t size) noexcept {
    const auto inside_character = [text](std::size_t at) {
      return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
    };
    std::size_t whole = size;
    while (whole > 0 && size - whole < 4 && inside_character(whole)) --whole;
    return inside_character(whole) ? size : whole;
  }

  std::mutex mutex_;
  std::array<UnfinishedLine, kStreams> lines_;
};

// All threads that have printed something and still live.
class Threads {
 public:
  static Threads& get() {
    static Threads& forever = []() -> Threads& {
      auto& made = *new Threads;
      std::atexit([] { get().end_lines(); });
      pthread_atfork([] { get().mutex_.lock(); }, [] { get().mutex_.unlock(); },
                     [] { get().after_fork_in_child(); });
      return made;
    }();
    return forever;
  }

  // Null at the end of a thread and for want of memory.
  static ThreadLines* mine() noexcept {
    if (t_ended) return nullptr;
    try {
      thread_local Member member;
      t_member = &member;
      return member.lines.get();
    } catch (...) {
      return nullptr;
    }
  }

  void end_lines() {
    std::vector<std::shared_ptr<ThreadLines>> all;
    {
      const std::lock_guard lock(mutex_);
      all = all_;
    }
    for (const auto& lines : all) lines->end_lines();
  }

 private:
  struct Member {
    Member() { get().add(lines); }
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;
    ~Member() {
      t_ended = true;
      t_member = nullptr;
      get().remove(lines);
      lines->end_lines();
    }
    std::shared_ptr<ThreadLines> lines = std::make_shared<ThreadLines>();
  };

  void add(const std::shared_ptr<ThreadLines>& lines) {
    const std::lock_guard lock(mutex_);
    all_.push_back(lines);
  }
  void remove(const std::shared_ptr<ThreadLines>& lines) {
    const std::lock_guard lock(mutex_);
    all_.erase(std::remove(all_.begin(), all_.end(), lines), all_.end());
  }

  // What is unfinished is the parent's to record. Nothing of it is touched, or freed: a thread that
  // does not exist here may have been at it.
  void after_fork_in_child() {
    static_cast<void>(new auto(std::move(all_)));
    all_.clear();
    if (t_member != nullptr) {
      static_cast<void>(new auto(std::exchange(t_member->lines, std::make_shared<ThreadLines>())));
      all_.push_back(t_member->lines);
    }
    mutex_.unlock();
  }

  static inline constinit thread_local bool t_ended = false;
  static inline constinit thread_local Member* t_member = nullptr;

  std::mutex mutex_;
  std::vector<std::shared_ptr<ThreadLines>> all_;
};

inline void capture(const CaptureSettings& settings, Stream stream,
                    std::string_view text) noexcept {
  if (ThreadLines* mine = Threads::mine()) return mine->add(settings, stream, text);
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    record_line(settings, stream, text.substr(0, newline));
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  }
}

}  // namespace waybill::stdio_bridge::detail
