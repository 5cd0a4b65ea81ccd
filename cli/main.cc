#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <cli/command_line.h>
#include <cli/exit_status.h>

int main(int argc, char** argv) {
  using waybill::cli::ExitStatus;
  std::ios::sync_with_stdio(false);
  try {
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    const int status = waybill::cli::run_command_line(arguments, std::cout, std::cerr);
    if (std::cout.flush()) return status;
    std::cerr << "waybill: the output cannot be written\n";
  } catch (const std::exception& error) {
    std::cerr << "waybill: " << error.what() << '\n';
  }
  return static_cast<int>(ExitStatus::kError);
}
