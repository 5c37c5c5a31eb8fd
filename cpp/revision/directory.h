// Which files of the version locations are revision files, in the order in which Alembic loads them.
//
// The order matters: it decides the order of heads, and of unrelated revisions in a plan.
#pragma once

#include <string>
#include <vector>

#include "revision/header_reader.h"

namespace memstack::revision {

struct VersionLocations {
  std::vector<std::string> directories;  // each as a path; one that does not exist is passed over
  bool recursive = false;                // the setting recursive_version_locations
  bool sourceless = false;               // the setting sourceless: take .pyc and .pyo, too
};

struct DirectoryReading {
  std::vector<HeaderReading> files;   // in loading order; those with a doubt have to be imported
  std::vector<std::string> warnings;  // a file that was reached twice
};

// The revision files, symbolic links resolved, each once.
std::vector<std::string> ListRevisionFiles(const VersionLocations& locations,
                                           std::vector<std::string>* warnings = nullptr);

// Reads the header of every revision file. A compiled file is a doubt.
// Throws Error(kRevisionFile) for a file that cannot be read, and as ReadHeader does.
DirectoryReading ReadDirectories(const VersionLocations& locations);

}  // namespace memstack::revision
