#include <atomic>
#include <memory>

#include <waybill/trace/ended_span.h>
#include <waybill/trace/tracer.h>

namespace waybill {
namespace {

// As long as the process, as records refer to them. Without a lock, which another thread might hold
// in the moment of a fork.
struct KeptScope {
  InstrumentationScope scope;
  const KeptScope* before = nullptr;
};
constinit std::atomic<const KeptScope*> kept_scopes = nullptr;

const InstrumentationScope* kept_scope(std::string_view name, std::string_view version) {
  std::unique_ptr<KeptScope> made;
  const KeptScope* last = kept_scopes.load(std::memory_order_acquire);
  do {
    for (const KeptScope* known = last; known != nullptr; known = known->before) {
      if (known->scope.name == name && known->scope.version == version) return &known->scope;
    }
    if (made == nullptr) {
      made = std::make_unique<KeptScope>(
          InstrumentationScope{std::string(name), std::string(version)});
    }
    made->before = last;
  } while (!kept_scopes.compare_exchange_weak(last, made.get(), std::memory_order_acq_rel));
  return &made.release()->scope;
}

}  // namespace

namespace detail {

std::string_view function_of(const std::source_location& where) noexcept {
  std::string_view text = where.function_name();
  // GCC adds the template's arguments: "... [with T = int]".
  text = text.substr(0, text.find(" [with "));
  // The name ends where its arguments begin: at the bracket of which the last one is the other end.
  std::size_t end = text.rfind(')');
  int depth = 0;
  for (std::size_t i = end; i != std::string_view::npos && i < text.size(); --i) {
    if (text[i] == ')') ++depth;
    if (text[i] == '(' && --depth == 0) {
      end = i;
      break;
    }
    if (i == 0) break;
  }
  text = text.substr(0, end);
  depth = 0;
  for (std::size_t i = text.size(); i-- > 0;) {
    if (text[i] == '>' || text[i] == ')') ++depth;
    if (text[i] == '<' || text[i] == '(') --depth;
    if (depth == 0 && text[i] == ' ') return text.substr(i + 1);
  }
  return text;
}

}  // namespace detail

StartedSpan Tracer::start(const SpanName& name, Attributes attributes,
                          const SpanOptions& options) const noexcept {
  detail::BegunSpan begun;
  if (detail::is_tracing()) {
    begun = detail::begin_span(scope_, name, attributes, &options, true);
  }
  if (begun.span != nullptr) {
    Span span(begun.span);
    Context context = span.context();
    return {std::move(context), std::move(span)};
  }
  if (begun.node != nullptr) return {detail::ContextReference::adopt(begun.node), Span()};
  return {options.parent != nullptr ? *options.parent : Context::current(), Span()};
}

Tracer::Tracer(std::string_view name, std::string_view version)
    : scope_(kept_scope(name, version)) {}

}  // namespace waybill
