// Reads what a revision file says about itself without running Python.
//
// The choice was between a parser of all of Python, patterns over the text, and this: a tokenizer, the
// assignments at module level, and a proof by exclusion that nothing else can bind or change the four names.
// The answer is right or there is none: whatever is not a plain literal, or might be something else when the
// file runs, is a doubt, and the caller imports the file instead. Not proved: that the file imports at all (a
// syntax error further down, a missing module), and that no module imported by it reaches back into its
// frame.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "revision/header.h"

namespace memstack::revision {

struct HeaderDoubt {
  std::string reason;  // "'revision' is used other than by one plain assignment"
  int line = 0;        // 0: the file as a whole
};

struct HeaderReading {
  // With a doubt, only `file` counts until the caller has filled the rest from the imported module.
  Header header;
  std::optional<HeaderDoubt> doubt;

  static HeaderReading Doubtful(std::string_view file, HeaderDoubt doubt);
};

// `file` is how messages name the file; its last part decides the id of a file without `revision`, as Alembic
// does for the files of its version 0.1: "1a2b.py" is "1a2b". `bytes` is the content.
// Throws Error(kRevisionFile) where Alembic would certainly refuse the file: no `revision` and a name that is
// none, no `down_revision`.
//
// The docstring is the one that Python up to 3.12 keeps; 3.13 also takes indentation off its later lines.
HeaderReading ReadHeader(std::string_view file, std::string_view bytes);

}  // namespace memstack::revision
