// Histories written as strings: "b <- a @label ^dependency" is revision b after a.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "revision/graph.h"

namespace memstack::revision {

// One revision a line: "<id> [<- <parent>...] [@<label>...] [^<dependency>...]"; its file is "<id>.py".
inline std::vector<Header> Headers(const std::string& text) {
  std::vector<Header> headers;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Header header;
    if (!(words >> header.revision)) continue;
    header.file = header.revision + ".py";
    header.message = "message of " + header.revision;
    header.revision_line = 1;
    header.down_revision_line = 2;
    header.branch_labels_line = 3;
    header.depends_on_line = 4;
    for (std::string word; words >> word;) {
      if (word == "<-") continue;
      if (word[0] == '@') {
        header.branch_labels.push_back(word.substr(1));
      } else if (word[0] == '^') {
        header.depends_on.push_back(word.substr(1));
      } else {
        header.down_revisions.push_back(word);
      }
    }
    headers.push_back(header);
  }
  return headers;
}

inline Graph MakeGraph(const std::string& text) {
  return Graph(Headers(text));
}

}  // namespace memstack::revision
