// Named parts of a pattern as a flag of spdlog's pattern_formatter. One flag stands for all parts
// that follow each other, with the text between them: each flag is a virtual call.
#pragma once

#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/pattern_formatter.h>

#include <waybill/bridges/spdlog/pattern_part.h>
#include <waybill/bridges/spdlog/record_context.h>

namespace waybill::spdlog_bridge::detail {

// The context of the record that this thread is formatting: read once a line, not once a flag.
class Formatting {
 public:
  explicit Formatting(const RecordContext& context) noexcept
      : outer_(std::exchange(t_current, &context)) {}
  Formatting(const Formatting&) = delete;
  Formatting& operator=(const Formatting&) = delete;
  ~Formatting() { t_current = outer_; }

  static const RecordContext& current() noexcept { return *t_current; }

 private:
  static inline thread_local constinit const RecordContext* t_current = nullptr;

  const RecordContext* outer_;
};

// Immutable once the pattern is parsed; its clones share it.
struct PartsOfFlag {
  std::vector<PatternPart> parts;
  std::string after;  // text to copy
};

class PartsFlag final : public spdlog::custom_flag_formatter {
 public:
  // `named`: the fields that the pattern names anywhere, which {fields} leaves out.
  PartsFlag(std::shared_ptr<const PartsOfFlag> parts, std::shared_ptr<const Names> named)
      : parts_(std::move(parts)), named_(std::move(named)) {}

  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return std::make_unique<PartsFlag>(parts_, named_);
  }

  void format(const spdlog::details::log_msg& msg, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const RecordContext& context = Formatting::current();
    for (const PatternPart& part : parts_->parts) {
      append(out, part.before);
      const std::size_t start = out.size();
      append_part(out, part, *named_, msg, context);
      if (out.size() == start && absent_is_dash(part.kind)) out.push_back('-');
      for (std::size_t size = out.size() - start; size < part.width; ++size) out.push_back(' ');
    }
    append(out, parts_->after);
  }

 private:
  std::shared_ptr<const PartsOfFlag> parts_;
  std::shared_ptr<const Names> named_;
};

}  // namespace waybill::spdlog_bridge::detail
