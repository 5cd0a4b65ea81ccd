// glog: existing LOG() lines print the ids and fields of the context that is current at the call.
//
//   #include <waybill/bridges/glog.h>
//   google::InitGoogleLogging(argv[0], waybill::glog_bridge::prefix);
//
//   LOG(INFO) << "Fetching weather for ZIP " << zip;     // as before
//   // I20261120 12:00:01.042000 4711 fetch.cc:12] [batch-job-2025-10-21] [00f067aa0ba902b7]
//   //   job_id=42 Fetching weather for ZIP 98101          (one line)
//
// or, for one output of all that a program says, they become records of Waybill's own log:
//
//   const waybill::glog_bridge::Forwarding forwarding;
//
// For programs that use glog 0.6 (CMake: find_package(glog), glog::glog). The prefix needs core
// alone; whoever uses Forwarding links waybill::log.
#pragma once

#include <glog/logging.h>

#include <waybill/bridges/glog/forwarding.h>
#include <waybill/bridges/glog/prefix.h>
