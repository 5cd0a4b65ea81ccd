// What the command tells the shell, as grep does.
#pragma once

namespace waybill::cli {

enum class ExitStatus : int {
  kFound = 0,    // also: what was asked for was done
  kNothing = 1,  // everything was read, nothing matched
  kError = 2,    // usage, or something could not be read or written
};

}  // namespace waybill::cli
