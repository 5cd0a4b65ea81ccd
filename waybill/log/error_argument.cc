// Errors as arguments: how they get into a record, and what is made of them.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <waybill/log/argument.h>

namespace waybill::detail {
namespace {

// Of each cause; the error itself may be as long as any other text.
constexpr std::size_t kMostCauseText = 4096;

std::string_view message_of(std::span<const ErrorChain::Link> chain, std::size_t i) noexcept {
  return i == 0 ? chain[i].message : chain[i].message.substr(0, kMostCauseText);
}

std::string_view shown_trace_id(const RecordedContext& context, MessageBuilder& message) {
  const std::string_view name = context.trace_name();
  return name.empty() ? message.keep(context.trace_id().to_hex()) : name;
}

// "orders/book.cc:42": the file with its folder. The rest of the path is the build machine's.
std::string shown_place(const std::source_location& place) {
  std::string_view file = place.file_name();
  const std::size_t name = file.rfind('/');
  if (name != file.npos && name > 0) {
    const std::size_t folder = file.rfind('/', name - 1);
    if (folder != file.npos) file.remove_prefix(folder + 1);
  }
  return fmt::format("{}:{}", file, place.line());
}

}  // namespace

std::size_t ExceptionArgument::size(const Prepared& prepared) noexcept {
  std::size_t size = sizeof(RecordedContext) + sizeof(std::source_location) + sizeof(std::uint8_t);
  for (std::size_t i = 0; i < prepared.links().size(); ++i) {
    size += sizeof(const char*) + text_size(message_of(prepared.links(), i));
  }
  return size;
}

void ExceptionArgument::write(char*& out, const Prepared& prepared) noexcept {
  const auto chain = prepared.links();
  put(out, RecordedContext(prepared.raised_in()));
  put(out, prepared.raised_at());
  put(out, static_cast<std::uint8_t>(chain.size()));
  for (std::size_t i = 0; i < chain.size(); ++i) {
    put(out, chain[i].type);
    put_text(out, message_of(chain, i));
  }
}

ExceptionArgument::Shown ExceptionArgument::read(const char*& in, MessageBuilder& message) {
  const auto raised_in = take<RecordedContext>(in);
  const auto raised_at = take<std::source_location>(in);
  const std::size_t size = take<std::uint8_t>(in);
  std::array<ErrorChain::Link, ErrorChain::kMostLinks> links;
  for (ErrorChain::Link& link : std::span(links).first(size)) {
    link.type = take<const char*>(in);
    link.message = take_text(in);
  }
  return message.add_error(std::span(links).first(size), raised_in, raised_at);
}

ExceptionArgument::Shown ExceptionArgument::show(const Prepared& prepared,
                                                 MessageBuilder& message) {
  return message.add_error(prepared.links(), RecordedContext(message.keep(prepared.raised_in())),
                           prepared.raised_at());
}

RecordedContext MessageBuilder::context() const noexcept {
  return context_ ? *context_ : RecordedContext(Context::current());
}

std::string MessageBuilder::add_error(std::span<const ErrorChain::Link> chain,
                                      const RecordedContext& raised_in,
                                      const std::source_location& raised_at) {
  std::string shown;
  std::string last;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    std::string type = readable_type_name(chain[i].type);
    const std::string_view text = message_of(chain, i);
    last = fmt::format("{}: {}", type, text);
    shown.append(i == 0 ? "" : ", caused by ").append(last);
    if (i == 0) {
      add_field("exception.type", keep(std::move(type)));
      add_field("exception.message", text);
    }
  }
  if (chain.size() > 1) add_field("error.cause", keep(std::move(last)));
  add_raised_in(raised_in, raised_at);
  return shown;
}

void MessageBuilder::add_raised_in(const RecordedContext& raised_in,
                                   const std::source_location& raised_at) {
  if (raised_at.line() != 0) add_field("error.location", keep(shown_place(raised_at)));
  const RecordedContext mine = context();
  const bool same_trace = raised_in.trace_id() == mine.trace_id();
  if (raised_in.trace_id().is_valid() && !same_trace) {
    add_field("error.trace_id", shown_trace_id(raised_in, *this));
  }
  if (raised_in.span_id().is_valid() && !(same_trace && raised_in.span_id() == mine.span_id())) {
    add_field("error.span_id", keep(raised_in.span_id().to_hex()));
  }
  const Fields here = mine.fields();
  for (const Field& field : raised_in.fields()) {
    const Field* same = here.find(field.key);
    if (same != nullptr && *same == field) continue;
    add_field(keep(fmt::format("error.{}", field.key)), field.value);
  }
}

}  // namespace waybill::detail
