/* The floor under every tool that looks whether a database is at head: connect, read the version table, leave. */
#include <libpq-fe.h>
#include <stdio.h>

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  PGconn *connection = PQconnectdb(argv[1]);
  if (PQstatus(connection) != CONNECTION_OK) {
    fputs(PQerrorMessage(connection), stderr);
    return 1;
  }
  PGresult *result = PQexec(connection, "SELECT version_num FROM alembic_version");
  const int rows = PQntuples(result);
  PQclear(result);
  PQfinish(connection);
  return rows == 1 ? 0 : 1;
}
