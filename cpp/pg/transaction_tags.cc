#include "pg/transaction_tags.h"

#include <algorithm>
#include <regex>

namespace memstack::pg {
namespace {

bool IsBegin(std::string_view tag) {
  return tag == "BEGIN" || tag == "START TRANSACTION";
}

bool HasChain(std::string_view sql) {
  static const std::regex chain(R"(\bAND\s+CHAIN\b)", std::regex::icase);
  return std::regex_search(sql.begin(), sql.end(), chain);
}

}  // namespace

bool IsTransactionTag(std::string_view tag) {
  return IsBegin(tag) || tag == "COMMIT" || tag == "ROLLBACK" || tag == "PREPARE TRANSACTION";
}

std::vector<TransactionEnd> EndsOf(const std::vector<std::string>& tags, bool was_open, bool is_open,
                                   std::string_view sql) {
  std::vector<TransactionEnd> ends;
  const bool has_chain = !tags.empty() && HasChain(sql);
  bool open = was_open;
  for (size_t i = 0; i < tags.size(); ++i) {
    const std::string& tag = tags[i];
    const bool is_last = i + 1 == tags.size();
    if (IsBegin(tag)) {
      open = true;
    } else if (open) {
      const bool to_savepoint =
          tag == "ROLLBACK" && !has_chain && (is_last ? is_open : !IsBegin(tags[i + 1]));
      if (to_savepoint) continue;
      ends.push_back(tag == "COMMIT" ? TransactionEnd::kCommitted : TransactionEnd::kRolledBack);
      open = has_chain;
    }
  }
  // A COMMIT that the server refused.
  if (open && !is_open && (!has_chain || ends.empty())) ends.push_back(TransactionEnd::kRolledBack);
  return ends;
}

}  // namespace memstack::pg
