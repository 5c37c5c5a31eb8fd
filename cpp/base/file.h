// Files as bytes.
#pragma once

#include <string>
#include <system_error>

namespace memstack {

// The content of the file; on failure (a directory is one) `error` is set and the answer is "". Who asked
// knows what the file is for, and says so in an Error. `error` is cleared on success.
std::string ReadFile(const std::string& path, std::error_code& error);

}  // namespace memstack
