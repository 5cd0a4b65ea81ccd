// A logger's name with the context of a call packed behind it: spdlog's queues and buffers copy a
// record's name and text and nothing else that has no fixed size, so the context travels in the
// name.
//
//   PackedName name(msg.logger_name, Context::current());
//   msg.logger_name = name.view();                         // ... through a queue ...
//   if (const auto unpacked = PackedName::unpack(msg.logger_name)) ...
//
// Bytes alone: a record that the queue drops leaves nothing behind.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <spdlog/common.h>

#include <waybill/bridges/spdlog/packed_fields.h>
#include <waybill/bridges/spdlog/record_context.h>
#include <waybill/bridges/spdlog/wanted_fields.h>
#include <waybill/core/context.h>

namespace waybill::spdlog_bridge::detail {

class PackedName {
 public:
  // A field with which they would take more than this, in bytes, is left out.
  static constexpr std::size_t kMostFields = std::size_t{1} << 20;

  // Throws std::bad_alloc where name and fields together are longer than kOnStack.
  PackedName(spdlog::string_view_t name, const Context& context) { pack(name, context); }
  PackedName(spdlog::string_view_t name, const RecordContext& context) { pack(name, context); }
  PackedName(const PackedName&) = delete;
  PackedName& operator=(const PackedName&) = delete;
  ~PackedName() = default;

  // Lives as long as this object.
  spdlog::string_view_t view() const noexcept { return {data_, size_}; }

  struct Unpacked {
    spdlog::string_view_t name;
    RecordContext context;
  };
  // Refers to `packed`. Nothing where that is a name and no more.
  static std::optional<Unpacked> unpack(spdlog::string_view_t packed) noexcept {
    if (packed.size() < kTailSize) return std::nullopt;
    Reader tail{packed.data() + packed.size() - kTailSize};
    Ending ending;
    tail.read(ending);
    if (ending.mark != mark()) return std::nullopt;

    Unpacked result;
    tail.read(result.context.trace_id_);
    tail.read(result.context.span_id_);
    tail.read(result.context.parent_span_id_);
    result.context.flags_ = ending.flags;
    const std::string_view all(packed.data(), packed.size() - kTailSize);
    const std::size_t fields_at = all.size() - ending.fields_size;
    const std::size_t trace_name_at = fields_at - ending.trace_name_size;
    result.context.packed_fields_ = all.substr(fields_at);
    result.context.trace_name_ = all.substr(trace_name_at, ending.trace_name_size);
    result.name = {packed.data(), trace_name_at};
    return result;
  }

 private:
  static constexpr std::size_t kOnStack = 512;
  static constexpr std::size_t kLongestTraceName = std::numeric_limits<std::uint16_t>::max();

  // The name, the trace's name and the fields are followed by this, then the three ids.
  struct Ending {
    std::uint64_t mark = 0;
    std::uint32_t fields_size = 0;
    std::uint16_t trace_name_size = 0;
    TraceFlags flags;
  };
  static constexpr std::size_t kTailSize = sizeof(Ending) + TraceId::kSize + 2 * SpanId::kSize;

  struct Reader {
    const char* at;

    template <class T>
    void read(T& value) noexcept {
      std::memcpy(static_cast<void*>(&value), at, sizeof value);
      at += sizeof value;
    }
  };

  template <class AnyContext>
  void pack(spdlog::string_view_t name, const AnyContext& context) {
    put(name.data(), name.size());
    const std::string_view trace_name = context.trace_name().substr(0, kLongestTraceName);
    put(trace_name.data(), trace_name.size());

    const std::size_t fields_at = size_;
    const WantedFields* const wanted = g_wanted_fields.load(std::memory_order_acquire);
    if (wanted != nullptr) {
      for_each_field_of(context, [&](const Field& field) {
        if (!wanted->contains(field.key)) return;
        const std::size_t size = packed_size(field);
        if (size_ - fields_at + size > kMostFields) return;
        make_room(size);
        pack_field(field, data_ + size_);
        size_ += size;
      });
    }
    const Ending ending{mark(), static_cast<std::uint32_t>(size_ - fields_at),
                        static_cast<std::uint16_t>(trace_name.size()), context.flags()};
    // For which room is left always.
    char* out = data_ + size_;
    out = static_cast<char*>(std::memcpy(out, &ending, sizeof ending)) + sizeof ending;
    std::memcpy(out, context.trace_id().bytes(), TraceId::kSize);
    std::memcpy(out + TraceId::kSize, context.span_id().bytes(), SpanId::kSize);
    std::memcpy(out + TraceId::kSize + SpanId::kSize, context.parent_span_id().bytes(),
                SpanId::kSize);
    size_ += kTailSize;
  }

  void put(const char* text, std::size_t size) {
    if (size == 0) return;
    make_room(size);
    std::memcpy(data_ + size_, text, size);
    size_ += size;
  }

  // For `size` bytes and the tail.
  void make_room(std::size_t size) {
    if (size_ + size + kTailSize > capacity_) [[unlikely]]
      grow(2 * (size_ + size + kTailSize));
  }
  void grow(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    std::memcpy(larger.get(), data_, size_);
    on_heap_ = std::move(larger);
    data_ = on_heap_.get();
    capacity_ = capacity;
  }

  template <class Visit>
  static void for_each_field_of(const Context& context, Visit visit) {
    for (const Field& field : context.fields()) visit(field);
  }
  template <class Visit>
  static void for_each_field_of(const RecordContext& context, Visit visit) {
    context.for_each_field(visit);
  }

  // Random for each process: a logger whose name came from outside cannot end in it.
  static std::uint64_t mark() noexcept {
    static const std::uint64_t value = SpanId::random().hash();
    return value;
  }

  std::unique_ptr<char[]> on_heap_;
  char* data_ = on_stack_;
  std::size_t size_ = 0;
  std::size_t capacity_ = kOnStack;
  char on_stack_[kOnStack];
};

}  // namespace waybill::spdlog_bridge::detail
