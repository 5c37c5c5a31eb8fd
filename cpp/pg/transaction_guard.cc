#include "pg/transaction_guard.h"

#include <exception>

#include "base/error.h"
#include "base/log.h"

namespace memstack::pg {

TransactionGuard::TransactionGuard(Session& session) : session_(session) {
  const TransactionStatus status = session.transaction_status();
  if (status == TransactionStatus::kInTransaction || status == TransactionStatus::kInError) {
    throw Error(ErrorCode::kInternal, "a transaction was to begin inside another one");
  }
  session.Begin();
}

TransactionGuard::~TransactionGuard() {
  if (is_done_ || session_.transaction_status() == TransactionStatus::kUnknown) return;
  try {
    session_.Rollback();
  } catch (const std::exception& error) {
    LogWarning(kEngineLogger, "a transaction could not be rolled back: {}", error.what());
  } catch (...) {
    // An interrupt that is no std::exception; the server rolls back when the connection goes.
    LogWarning(kEngineLogger, "a transaction could not be rolled back");
  }
}

void TransactionGuard::Commit() {
  if (is_done_) throw Error(ErrorCode::kInternal, "a transaction was to be committed twice");
  is_done_ = true;
  session_.Commit();
}

}  // namespace memstack::pg
