// A transaction that ends with its scope.
#pragma once

#include "pg/session.h"

namespace memstack::pg {

// Begins in the constructor; the destructor rolls back unless Commit was called. One thread at a time.
//
//   GOOD: TransactionGuard transaction(session); session.Execute(...); transaction.Commit();
//   BAD:  a guard inside another one's transaction: Begin would be a no-op there and Commit would end the
//   outer
//         one, so the constructor throws kInternal.
class TransactionGuard {
 public:
  // REQUIRES: no transaction is open; `session` outlives the guard.
  explicit TransactionGuard(Session& session);
  // Rolls back what is not committed. A rollback that fails is logged: it never hides the error that is under
  // way.
  ~TransactionGuard();
  TransactionGuard(const TransactionGuard&) = delete;
  TransactionGuard& operator=(const TransactionGuard&) = delete;

  // Throws what Session::Commit throws; the guard is done then, too. Twice: kInternal.
  void Commit();

 private:
  Session& session_;
  bool is_done_ = false;
};

}  // namespace memstack::pg
