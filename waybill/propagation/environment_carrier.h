// EnvironmentCarrier: a context in environment variables, so that a process which a traced one
// starts goes on with its trace (OpenTelemetry, "Environment Variables as Context Propagation
// Carriers": TRACEPARENT, TRACESTATE, BAGGAGE, X_TRACE_ID).
//
//   EnvironmentCarrier environment;                               // the parent
//   inject(Context::current().child(), environment, {.trusted = true});
//   posix_spawn(&pid, path, nullptr, nullptr, argv, environment.envp());
//
//   Scope scope{context_from_environment().child()};              // the child, first thing in main
//
// A carrier owns its list of variables: it changes neither the environment of this process nor
// that of others. As thread-safe as a std::vector; making one reads the process's environment,
// which no thread may change at that moment.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/core/context.h>
#include <waybill/propagation/carrier.h>
#include <waybill/propagation/propagator.h>

namespace waybill {

class EnvironmentCarrier final : public Carrier {
 public:
  // With a copy of this process's environment.
  EnvironmentCarrier();
  // With these variables, "NAME=value" each.
  explicit EnvironmentCarrier(std::vector<std::string> variables)
      : variables_(std::move(variables)) {}

  // Keys are spelled as names of variables: in uppercase, with "_" for whatever is no letter, digit
  // or "_", and before a digit in front. The first variable of a name counts.
  std::optional<std::string_view> get(std::string_view key) const override;
  // Leaves out what a variable cannot hold: a value with a NUL in it.
  void set(std::string_view key, std::string_view value) override;
  void remove(std::string_view key) override;

  const std::vector<std::string>& variables() const noexcept { return variables_; }

  // For posix_spawn() and execve(): ends with a null pointer; valid until the carrier is changed.
  char* const* envp();

 private:
  std::vector<std::string> variables_;
  std::vector<char*> pointers_;
};

// The context that whoever started this process put into its environment; empty where there is
// none. What the environment says is trusted, unless said otherwise: it comes from whoever decided
// what this process runs.
Context context_from_environment(const ExtractOptions& options = {.trusted = true});

}  // namespace waybill
