// A context written into a carrier, format by format.
#pragma once

#include <string>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/propagation/carrier.h>
#include <waybill/propagation/format.h>
#include <waybill/propagation/internal/propagator_plan.h>

namespace waybill::internal {

class ContextWriter {
 public:
  ContextWriter(const PropagatorPlan& plan, const Context& context, Carrier& carrier) noexcept
      : plan_(plan), context_(context), carrier_(carrier) {}

  void write(bool trusted);
  void write_response();

 private:
  void write(Format format);
  void write_trace_context();
  void write_trace_id_headers();
  void write_baggage();
  void write_b3();
  void write_b3_multi();
  void write_jaeger();
  void write_xray();
  void write_cloud_trace();
  void write_datadog();

  // What an earlier request left in the carrier must not be read together with this one: an empty
  // value takes it out.
  void put(std::string_view header, std::string_view value);
  void remove_uber_contexts();

  const PropagatorPlan& plan_;
  const Context& context_;
  Carrier& carrier_;
  bool trusted_ = false;
};

}  // namespace waybill::internal
