// Text lines for people, by a pattern; in colours where they go to a terminal.
//
//   text_format()
//   text_format({.pattern = "{time} {level:5} {message} {fields}"})
//   console_format()                                    // for standard error
//
//   [2026-11-20T23:58:01.000042Z] [r1] [abc-123] INFO - Fetched 98101 zip=98101
//   23:58:01.000 INFO  weather [abc-123] Fetched 98101 zip=98101
#pragma once

#include <memory>
#include <string_view>

#include <waybill/core/ids.h>
#include <waybill/log/log_format.h>

namespace waybill {

enum class Colour { kNever, kAlways, kAuto };

// Whether what is written to this descriptor is shown in colours: a terminal other than TERM=dumb,
// and no NO_COLOR in the environment that is not empty (no-color.org).
bool shows_colour(int descriptor) noexcept;

// "[time] [run_id] [trace_id] LEVEL - message", then the remaining fields.
inline constexpr std::string_view kDefaultTextPattern =
    "[{time}] [{run_id}] [{trace_id}] {level} - {message} {fields}";
inline constexpr std::string_view kConsolePattern =
    "{clock} {level:5} {logger} [{trace_id}] {message} {fields}";

struct TextFormatOptions {
  // Text with named parts in braces, each optionally with a least width, as in "{level:5}":
  //   time level logger service message trace_id span_id parent_span_id thread file line function
  //   clock             the time of day, UTC, with milliseconds
  //   fields            all fields that the pattern does not name elsewhere, as key=value
  //   any other name    the field of that name
  // A part that the record does not have reads "-". A literal brace is written twice.
  std::string_view pattern = kDefaultTextPattern;
  TraceIdSpelling trace_id = TraceIdSpelling::kHex;
  // The level in its colour, times, ids and the keys of fields dimmed (ECMA-48). kAuto asks
  // shows_colour(descriptor) once, when the format is made.
  Colour colour = Colour::kNever;
  int descriptor = 2;  // standard error
};

// Control characters, line separators, marks that turn the direction of writing, and bytes that are
// not UTF-8 appear as \n, \r, \t and \x1b, whoever they come from: a record is one line, and no
// text in it can change colours, move the cursor or write over what stands there. A value with
// blanks, quotes, '=' or backslashes is put in quotes. Throws Error for a pattern with an unclosed
// or empty part.
std::shared_ptr<const LogFormat> text_format(const TextFormatOptions& options = {});

// text_format() with what suits a terminal: kConsolePattern, and colours if the descriptor shows
// them (1 is standard output, 2 standard error).
std::shared_ptr<const LogFormat> console_format(Colour colour = Colour::kAuto, int descriptor = 2);

}  // namespace waybill
