// What the command tags of a request tell about the transactions that began and ended in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pg/session.h"

namespace memstack::pg {

// Whether the tag is one of those that EndsOf() reads: BEGIN, COMMIT, ROLLBACK, PREPARE TRANSACTION, ...
bool IsTransactionTag(std::string_view tag);

// The ends of transactions in one request, in order. `tags`: those of its statements that IsTransactionTag();
// `was_open`, `is_open`: whether a transaction was open before it and is after it; `sql`: the request.
// ROLLBACK TO SAVEPOINT has the tag of ROLLBACK, and AND CHAIN leaves no trace in a tag; what cannot be told
// from the tags is told from their order and from the text.
// https://www.postgresql.org/docs/current/protocol-message-formats.html (CommandComplete)
std::vector<TransactionEnd> EndsOf(const std::vector<std::string>& tags, bool was_open, bool is_open,
                                   std::string_view sql);

}  // namespace memstack::pg
