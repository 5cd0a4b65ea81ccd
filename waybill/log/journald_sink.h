// journald_sink: each record as an entry of systemd's journal, with its fields as the journal's.
//
//   waybill::configure_logging({.outputs = {{.records = waybill::journald_sink()}}});
//
//   $ journalctl TRACE_ID=4bf92f3577b34da6a3ce929d0e0e4736
//   $ journalctl -o json ACCOUNT_ID=acme PRIORITY=3
//
// An entry has MESSAGE, PRIORITY (as syslog_sink.h), SYSLOG_IDENTIFIER, LOGGER, TID; CODE_FILE,
// CODE_LINE and CODE_FUNC where they are known; of a trace TRACE_ID, SPAN_ID, PARENT_SPAN_ID,
// TRACE_FLAGS and, where it has one, TRACE_NAME; and the record's fields. Their keys become names
// as the journal wants them: "http.status" is HTTP_STATUS, "_uid" is UID, "2nd" is FIELD_2ND; at
// most 64 characters. One that would pass for something else is kept apart: a field "priority" is
// FIELD_PRIORITY, and likewise for all of the above and for CODE_*, SYSLOG_*, OBJECT_* and
// COREDUMP_*. Values are kept byte by byte: a message of several lines is one entry.
#pragma once

#include <memory>
#include <string>

#include <waybill/log/sink.h>

namespace waybill {

struct JournaldOptions {
  std::string socket_path = "/run/systemd/journal/socket";

  // SYSLOG_IDENTIFIER, what journalctl -t asks for. Empty: the service's name or else the
  // program's.
  std::string identifier = {};
};

// Speaks systemd's "Native Journal Protocol"; needs no library of systemd's. Entries that are too
// large for a datagram go through shared memory. A journal that has been started anew is connected
// to again; one that takes nothing is waited for a tenth of a second at most, and then no more
// until it takes something again.
//
// Throws Error when the socket cannot be connected to.
std::shared_ptr<LogRecordSink> journald_sink(JournaldOptions options = {});

}  // namespace waybill
