// cli: the command `waybill`, which reads the logs of many services and tells one request's story.
//
// A program, not part of the library: it uses core and nothing else of it. From outside in:
//
//   command_line.h   the arguments, and which command they mean
//   trace_command.h  `waybill trace`: trace_matcher.h finds a trace's records, story.h makes their
//                    tree, story_printer.h draws it
//   query_command.h  `waybill query`: filter_parser.h reads a filter, filter_match.h applies it,
//                    record_printer.h writes what is left
//   record_reader.h  the records of a file, line by line; record_parser.h understands a line
//   text.h           what must happen to any text before it meets a terminal
#pragma once

#include <cli/command_line.h>
#include <cli/exit_status.h>
#include <cli/query_command.h>
#include <cli/trace_command.h>
