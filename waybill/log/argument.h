// How arguments of a log call get into a record and, on the background thread, out of it again.
//
//   copied     numbers, booleans, enumerations, pointers to void, durations and points in time
//   text       std::string, string views, character arrays: their characters are copied
//   error      std::error_code: code and category; exceptions, std::exception_ptr: type and what(),
//              those of what caused them, and the context in which they were raised
//   all else   the whole message is formatted by the call itself, on the calling thread; of what
//              is a RaisedIn, the context in which it was raised becomes fields all the same
//
// A type of one's own that is trivially copyable, and refers to nothing that may be gone a moment
// later, may be copied too:
//
//   template <> inline constexpr bool waybill::is_copied_to_log<Price> = true;
#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>
#include <exception>
#include <forward_list>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include <waybill/core/copy_text.h>
#include <waybill/core/error_chain.h>
#include <waybill/core/field.h>
#include <waybill/core/raised_in.h>
#include <waybill/core/recorded_context.h>

namespace waybill {

template <class T>
inline constexpr bool is_copied_to_log = std::is_arithmetic_v<T> || std::is_enum_v<T>;
template <class Rep, class Period>
inline constexpr bool is_copied_to_log<std::chrono::duration<Rep, Period>> =
    std::is_arithmetic_v<Rep>;
template <class Clock, class Duration>
inline constexpr bool is_copied_to_log<std::chrono::time_point<Clock, Duration>> =
    is_copied_to_log<Duration>;

namespace detail {

class MessageBuilder;

// Longer text is cut, and says so: a record has to fit into a ring.
inline constexpr std::size_t kMostArgumentText = 256 * 1024;

template <class T>
void put(char*& out, const T& value) noexcept {
  std::memcpy(out, &value, sizeof value);
  out += sizeof value;
}
template <class T>
T take(const char*& in) noexcept {
  T value;
  std::memcpy(&value, in, sizeof value);
  in += sizeof value;
  return value;
}

// Text with its size in front.
inline std::size_t text_size(std::string_view text) noexcept {
  return sizeof(std::uint32_t) +
         (text.size() <= kMostArgumentText ? text.size() : kMostArgumentText);
}
void put_cut_text(char*& out, std::string_view text) noexcept;
inline void put_text(char*& out, std::string_view text) noexcept {
  if (text.size() > kMostArgumentText) [[unlikely]]
    return put_cut_text(out, text);
  put(out, static_cast<std::uint32_t>(text.size()));
  copy_text(out, text);
  out += text.size();
}
inline std::string_view take_text(const char*& in) noexcept {
  const auto size = take<std::uint32_t>(in);
  const std::string_view text(in, size);
  in += size;
  return text;
}

// One kind of argument: what it is on the calling thread (Prepared), its size and how it is written
// there; what the format sees of it (Shown), read on the background thread.
template <class T>
struct CopiedArgument {
  using Prepared = T;
  using Shown = T;
  static Prepared prepare(const T& value) noexcept { return value; }
  static constexpr std::size_t size(const Prepared&) noexcept { return sizeof(T); }
  static void write(char*& out, const Prepared& value) noexcept { put(out, value); }
  static Shown read(const char*& in, MessageBuilder&) noexcept { return take<T>(in); }
};

struct PointerArgument : CopiedArgument<const void*> {
  static Prepared prepare(const void* value) noexcept { return value; }
};

struct TextArgument {
  using Prepared = std::string_view;
  using Shown = std::string_view;
  static Prepared prepare(std::string_view text) noexcept { return text; }
  static Prepared prepare(const char* text) noexcept {
    return text != nullptr ? std::string_view(text) : std::string_view("(null)");
  }
  static std::size_t size(Prepared text) noexcept { return text_size(text); }
  static void write(char*& out, Prepared text) noexcept { put_text(out, text); }
  static Shown read(const char*& in, MessageBuilder&) noexcept { return take_text(in); }
};

// "No such file or directory (generic:2)".
struct ErrorCodeArgument : CopiedArgument<std::error_code> {
  using Shown = std::string;
  static Shown read(const char*& in, MessageBuilder& message) {
    return show(take<std::error_code>(in), message);
  }
  static Shown show(const std::error_code& code, MessageBuilder&);
};

// "std::runtime_error: what() says, caused by std::system_error: no route"; and fields: see
// MessageBuilder::add_error().
struct ExceptionArgument {
  using Prepared = ErrorChain;
  using Shown = std::string;
  static Prepared prepare(const std::exception& error) noexcept { return ErrorChain(error); }
  static Prepared prepare(const std::exception_ptr& error) noexcept { return ErrorChain(error); }
  static std::size_t size(const Prepared& prepared) noexcept;
  static void write(char*& out, const Prepared& prepared) noexcept;
  static Shown read(const char*& in, MessageBuilder& message);
  // The texts of the exceptions have to stay until message.clear().
  static Shown show(const Prepared& prepared, MessageBuilder& message);
};

// Cannot wait for the background thread.
template <class T>
struct EagerArgument {
  using Shown = T;
};

template <class T>
auto argument_of() {
  if constexpr (std::is_same_v<T, std::error_code>) {
    return ErrorCodeArgument{};
  } else if constexpr (std::is_base_of_v<std::exception, T> ||
                       std::is_same_v<T, std::exception_ptr>) {
    return ExceptionArgument{};
  } else if constexpr (std::is_same_v<T, void*> || std::is_same_v<T, const void*> ||
                       std::is_same_v<T, std::nullptr_t>) {
    return PointerArgument{};
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return TextArgument{};
  } else if constexpr (is_copied_to_log<T> && std::is_trivially_copyable_v<T>) {
    return CopiedArgument<T>{};
  } else {
    return EagerArgument<T>{};
  }
}

template <class T>
using ArgumentKind = decltype(argument_of<std::decay_t<T>>());

template <class T>
inline constexpr bool is_eager = false;
template <class T>
inline constexpr bool is_eager<EagerArgument<T>> = true;

// What the background thread, or a call that formats at once, makes of the arguments: the message,
// and fields: those that were named, and what an exception says.
class MessageBuilder {
 public:
  void clear() noexcept;
  void format(fmt::string_view format, fmt::format_args args) noexcept;
  void set_text(std::string_view text) { text_ = text; }

  // That of the record; where the call itself makes the message, the current one, unless set.
  void set_context(const RecordedContext& context) noexcept { context_ = context; }
  RecordedContext context() const noexcept;

  // `key`, and a value that is text, have to stay until clear().
  void add_field(std::string_view key, FieldValue value) { fields_.push_back({key, value}); }
  // Kept until clear().
  std::string_view keep(std::string text) { return kept_.emplace_front(std::move(text)); }
  const Context& keep(Context context) { return contexts_.emplace_front(std::move(context)); }

  template <class T>
  void add_shown(std::string_view key, const T& value) {
    if constexpr (std::is_arithmetic_v<T>) {
      add_field(key, value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      add_field(key, keep(value));
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      add_field(key, std::string_view(value));
    } else {
      add_field(key, keep(fmt::format("{}", value)));
    }
  }

  // exception.type and exception.message of the first, which is returned as text with those that
  // caused it; error.cause, the last of these; and what add_raised_in() adds.
  std::string add_error(std::span<const ErrorChain::Link> chain, const RecordedContext& raised_in,
                        const std::source_location& raised_at);
  // Where an error was raised: error.location, and as far as it differs from the context of the
  // record, error.trace_id, error.span_id and error.KEY for each field. Texts as above.
  void add_raised_in(const RecordedContext& raised_in, const std::source_location& raised_at);

  std::string_view text() const noexcept { return text_; }
  std::vector<Field>& fields() noexcept { return fields_; }

 private:
  std::string text_;
  std::vector<Field> fields_;
  std::forward_list<std::string> kept_;
  std::forward_list<Context> contexts_;
  std::optional<RecordedContext> context_;
};

// An argument as it stands in the call: plain, or with a name (fmt::arg).
template <class Arg>
struct ArgumentSlot {
  using Kind = ArgumentKind<Arg>;
  using Checked = typename Kind::Shown;  // what fmt checks the format for
  static constexpr bool kDeferred = !is_eager<Kind>;

  static auto prepare(const Arg& argument) noexcept { return Kind::prepare(argument); }
  template <class Prepared>
  static std::size_t size(const Prepared& prepared) noexcept {
    return Kind::size(prepared);
  }
  template <class Prepared>
  static void write(char*& out, const Prepared& prepared) noexcept {
    Kind::write(out, prepared);
  }
  static auto read(const char*& in, MessageBuilder& message) { return Kind::read(in, message); }
  // For a message that is formatted by the call: the argument itself, or what is shown of an error.
  static decltype(auto) show(const Arg& argument, MessageBuilder& message) {
    if constexpr (std::is_same_v<typename Kind::Shown, std::string>) {
      return Kind::show(Kind::prepare(argument), message);
    } else {
      if constexpr (std::is_base_of_v<RaisedIn, Arg>) {
        message.add_raised_in(RecordedContext(argument.raised_in()), argument.raised_at());
      }
      return (argument);
    }
  }
  template <class Shown>
  static const Shown& for_format(const Shown& shown) noexcept {
    return shown;
  }
};

template <class Arg>
  requires(fmt::detail::is_named_arg<Arg>::value)
struct ArgumentSlot<Arg> {
  using Value = std::remove_cvref_t<decltype(std::declval<const Arg&>().value)>;
  using Kind = ArgumentKind<Value>;
  using Checked = Arg;
  static constexpr bool kDeferred = !is_eager<Kind>;

  template <class PreparedValue>
  struct Prepared {
    std::string_view name;
    PreparedValue value;
  };
  template <class ShownValue>
  struct Shown {
    const char* name;
    ShownValue value;
  };

  static auto prepare(const Arg& argument) noexcept {
    auto value = Kind::prepare(argument.value);
    return Prepared<decltype(value)>{argument.name, std::move(value)};
  }
  template <class PreparedValue>
  static std::size_t size(const Prepared<PreparedValue>& prepared) noexcept {
    return text_size(prepared.name) + 1 + Kind::size(prepared.value);
  }
  template <class PreparedValue>
  static void write(char*& out, const Prepared<PreparedValue>& prepared) noexcept {
    put_text(out, prepared.name);
    put(out, '\0');
    Kind::write(out, prepared.value);
  }
  static auto read(const char*& in, MessageBuilder& message) {
    const std::string_view name = take_text(in);
    ++in;
    return named(name.data(), Kind::read(in, message), message);
  }
  static auto show(const Arg& argument, MessageBuilder& message) {
    using ValueSlot = ArgumentSlot<Value>;
    using ShownValue = decltype(ValueSlot::show(argument.value, message));
    return named<ShownValue>(argument.name, ValueSlot::show(argument.value, message), message);
  }
  template <class ShownValue>
  static auto for_format(const Shown<ShownValue>& shown) noexcept {
    return fmt::arg(shown.name, shown.value);
  }

 private:
  template <class ShownValue>
  static Shown<ShownValue> named(const char* name, ShownValue&& value, MessageBuilder& message) {
    message.add_shown(name, value);
    return {name, std::forward<ShownValue>(value)};
  }
};

// Reads the arguments of a record and makes its message. Returns where they end.
using DecodeArguments = const char* (*)(const char* in, fmt::string_view format,
                                        MessageBuilder& message);

template <class... Args, class... Shown>
void format_shown(fmt::string_view format, MessageBuilder& message,
                  const std::tuple<Shown...>& shown) {
  std::apply(
      [&](const auto&... each) {
        message.format(format, fmt::make_format_args(ArgumentSlot<Args>::for_format(each)...));
      },
      shown);
}

template <class... Args>
const char* decode_arguments(const char* in, fmt::string_view format, MessageBuilder& message) {
  // Braces: read from left to right.
  const std::tuple<decltype(ArgumentSlot<Args>::read(in, message))...> shown{
      ArgumentSlot<Args>::read(in, message)...};
  format_shown<Args...>(format, message, shown);
  return in;
}

// The same for a call that cannot be put off.
template <class... Args>
void show_arguments(fmt::string_view format, MessageBuilder& message, const Args&... args) {
  const std::tuple<decltype(ArgumentSlot<Args>::show(args, message))...> shown{
      ArgumentSlot<Args>::show(args, message)...};
  format_shown<Args...>(format, message, shown);
}

}  // namespace detail
}  // namespace waybill
