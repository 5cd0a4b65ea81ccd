// A thin wrapper over libpq: statements with arguments, and their rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include <libpq-fe.h>

namespace waybill::outbox::internal {

// An argument, sent as text or as bytes.
struct Argument {
  Argument(std::string text) : bytes(std::move(text)) {}          // NOLINT: implicit
  Argument(std::string_view text) : bytes(text) {}                // NOLINT: implicit
  Argument(std::int64_t value) : bytes(std::to_string(value)) {}  // NOLINT: implicit
  static Argument binary(std::string_view value) {
    Argument argument{value};
    argument.is_binary = true;
    return argument;
  }

  std::string bytes;
  bool is_binary = false;
};

// The rows of a statement, in binary form where it was asked for.
class Rows {
 public:
  explicit Rows(PGresult* result) noexcept : result_(result) {}

  bool failed() const noexcept {
    const ExecStatusType status = PQresultStatus(result_.get());
    return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK;
  }
  std::size_t size() const noexcept;
  std::string_view bytes(std::size_t row, int column) const noexcept;
  // Of a bigint or smallint, in binary form.
  std::int64_t integer(std::size_t row, int column) const noexcept;

 private:
  struct Clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

// Rows come in binary form. Throws waybill::Error with what PostgreSQL says.
Rows execute(PGconn* connection, const char* sql, std::initializer_list<Argument> arguments = {});

}  // namespace waybill::outbox::internal
