// What the top of a revision file says: the values from which the graph is built.
#pragma once

#include <string>
#include <vector>

namespace memstack::revision {

// Plain value. A header read from source (header_reader.h) and one taken from an imported module are the
// same.
struct Header {
  std::string file;                         // as messages name it; "" when there is no file
  std::string revision;                     // the id
  std::vector<std::string> down_revisions;  // empty: a base. In the order of the file, repetitions kept
  std::vector<std::string> branch_labels;
  std::vector<std::string> depends_on;  // ids or branch labels
  std::string message;                  // first paragraph of the docstring: Alembic's Script.doc
  std::string long_message;             // the whole docstring, stripped: Alembic's Script.longdoc

  // Lines of the assignments, from 1; 0 where the file has none.
  int revision_line = 0;
  int down_revision_line = 0;
  int branch_labels_line = 0;
  int depends_on_line = 0;
};

}  // namespace memstack::revision
