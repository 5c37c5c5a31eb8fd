#include "pg/interrupt.h"

#include <utility>

namespace memstack::pg {
namespace {

// Never destroyed: a thread may still wait while the process ends, and a function that belongs to Python must
// not be let go of when the interpreter is gone.
InterruptCheck& CurrentCheck() {
  static auto* const check = new InterruptCheck();
  return *check;
}

}  // namespace

void SetInterruptCheck(InterruptCheck check) {
  CurrentCheck() = std::move(check);
}

void CheckForInterrupt() {
  if (CurrentCheck()) CurrentCheck()();
}

}  // namespace memstack::pg
