// otlp_grpc: OTLP over gRPC, for programs that have gRPC anyway or a collector that wants it.
//
//   waybill::enable_otlp_grpc();
//   waybill::otlp_span_exporter({.protocol = waybill::OtlpProtocol::kGrpc,
//                                .endpoint = "https://collector.example.com:4317"});
//
// Everything else is as in room otlp: options, queue, spool, retries, counters. gRPC itself does
// not survive a fork: a child whose parent has sent something by gRPC loses what it exports by it,
// and counts that as refused; use HTTP where programs fork. What is in a spool stays there for the
// parent, and what was put there for http/json for a program that uses that.
//
// Uses otlp.
#pragma once

namespace waybill {

// From here on exporters may be made with OtlpProtocol::kGrpc. Thread-safe.
void enable_otlp_grpc() noexcept;

}  // namespace waybill
