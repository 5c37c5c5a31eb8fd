// From the bytes of a Python file to the text that Python's tokenizer works on.
#pragma once

#include <string>
#include <string_view>

namespace memstack {

// Without byte order mark, with "\n" line ends, in UTF-8.
// Throws PythonDoubt for an encoding other than UTF-8 (ASCII text is taken under any ASCII superset that
// Python names so), for text that is not valid UTF-8, and for NUL.
std::string DecodePythonSource(std::string_view bytes);

}  // namespace memstack
