#include <vector>

#include <waybill/core/error.h>
#include <waybill/outbox_postgres/internal/postgres.h>

namespace waybill::outbox::internal {

std::size_t Rows::size() const noexcept {
  return static_cast<std::size_t>(PQntuples(result_.get()));
}

std::string_view Rows::bytes(std::size_t row, int column) const noexcept {
  const int number = static_cast<int>(row);
  return {PQgetvalue(result_.get(), number, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), number, column))};
}

std::int64_t Rows::integer(std::size_t row, int column) const noexcept {
  const std::string_view value = bytes(row, column);
  if (value.empty()) return 0;
  // Network byte order, of the column's size.
  std::uint64_t number = static_cast<signed char>(value.front()) < 0 ? ~std::uint64_t{0} : 0;
  for (const char byte : value) number = number << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(number);
}

Rows execute(PGconn* connection, const char* sql, std::initializer_list<Argument> arguments) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
  for (const Argument& argument : arguments) {
    values.push_back(argument.bytes.c_str());
    lengths.push_back(static_cast<int>(argument.bytes.size()));
    formats.push_back(argument.is_binary ? 1 : 0);
  }
  Rows rows(PQexecParams(connection, sql, static_cast<int>(values.size()), nullptr, values.data(),
                         lengths.data(), formats.data(), 1));
  if (!rows.failed()) return rows;
  std::string message = PQerrorMessage(connection);
  while (!message.empty() && message.back() == '\n') message.pop_back();
  throw Error("PostgreSQL: " + message);
}

}  // namespace waybill::outbox::internal
