// What a lost connection means for the work that was under way.
#pragma once

#include <string_view>

#include "base/error.h"

namespace memstack::pg {

// True if the statement (or the bracketed name of one of ours, "[COMMIT]") is COMMIT or END.
bool IsCommit(std::string_view sql);
// True if COMMIT stands anywhere in it, be it in a comment: a doubt too many is better than one too few.
bool MayCommit(std::string_view sql);

// kCommitInDoubt if `sql` may have committed an open transaction: nobody can say whether the server got it
// and did it. Otherwise kConnection, whose state() says what became of the work. `said` is what libpq or the
// server said last.
Error LostConnection(std::string_view place, std::string_view said, std::string_view sql,
                     bool was_in_transaction);

}  // namespace memstack::pg
