#include "revision/directory.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <set>
#include <unordered_set>

#include "base/error.h"
#include "base/file.h"

namespace memstack::revision {
namespace {

namespace fs = std::filesystem;

// The two patterns of Alembic: not ".#" (an editor's lock) nor "__init__" at the start, ".py" (or,
// sourceless, also ".pyc" and ".pyo") at the end.
bool IsRevisionFileName(std::string_view name, bool sourceless) {
  if (name.starts_with(".#") || name.starts_with("__init__")) return false;
  if (name.ends_with(".py")) return true;
  return sourceless && (name.ends_with(".pyc") || name.ends_with(".pyo"));
}

bool IsCompiled(std::string_view path) {
  return !path.ends_with(".py");
}

// A compiled file counts only where nothing better is beside it: source, or for .pyo the .pyc.
bool IsShadowed(const fs::path& path) {
  if (!IsCompiled(path.native())) return false;
  fs::path source = path;
  source.replace_extension(".py");
  fs::path bytecode = path;
  bytecode.replace_extension(".pyc");
  std::error_code ignored;
  return fs::exists(source, ignored) || (path.extension() == ".pyo" && fs::exists(bytecode, ignored));
}

std::string FirstPart(const std::string& name) {
  return name.substr(0, name.find('.'));
}

// Collects the candidates below one location, top-down as os.walk does.
class Walk {
 public:
  Walk(const VersionLocations& locations, std::vector<fs::path>& found)
      : locations_(locations), found_(found) {}

  void Visit(const fs::path& root) {
    std::vector<std::string> files;
    std::vector<std::string> directories;
    List(root, files, directories);
    std::sort(files.begin(), files.end());
    if (root.filename().native().ends_with("__pycache__")) {
      Descend(root, directories);
      return;
    }
    for (const std::string& file : files) found_.push_back(root / file);
    if (locations_.sourceless) AddCompiled(root / "__pycache__", files);
    if (!locations_.recursive) return;
    std::sort(directories.begin(), directories.end());
    Descend(root, directories);
  }

 private:
  static void List(const fs::path& root, std::vector<std::string>& files,
                   std::vector<std::string>& directories) {
    std::error_code error;  // like os.walk: what cannot be listed is empty
    for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
      std::error_code ignored;
      (entry->is_directory(ignored) ? directories : files).push_back(entry->path().filename().native());
    }
  }

  void Descend(const fs::path& root, const std::vector<std::string>& directories) {
    for (const std::string& directory : directories) {
      std::error_code ignored;
      if (!fs::is_symlink(root / directory, ignored)) Visit(root / directory);
    }
  }

  void AddCompiled(const fs::path& cache, const std::vector<std::string>& files) {
    std::set<std::string> names;
    for (const std::string& file : files) names.insert(FirstPart(file));
    std::vector<std::string> compiled;
    std::vector<std::string> ignored;
    List(cache, compiled, ignored);
    std::sort(compiled.begin(), compiled.end());
    for (const std::string& file : compiled) {
      if (!names.contains(FirstPart(file))) found_.push_back(cache / file);
    }
  }

  const VersionLocations& locations_;
  std::vector<fs::path>& found_;
};

// Path.resolve(), which for a plain file costs one lstat instead of one per part of the path.
class Resolver {
 public:
  fs::path Resolve(const fs::path& path) {
    if (path.parent_path() != directory_) {
      directory_ = path.parent_path();
      resolved_ = fs::weakly_canonical(directory_);
    }
    const fs::path candidate = resolved_ / path.filename();
    std::error_code error;
    return fs::is_symlink(candidate, error) ? FollowLinks(candidate) : candidate;
  }

 private:
  // Also a link to nothing leads to the name that it has, as in Python.
  static fs::path FollowLinks(fs::path path) {
    constexpr int kMostLinks = 40;  // as Linux: more is a circle
    std::error_code error;
    for (int links = 0; links < kMostLinks && fs::is_symlink(path, error); ++links) {
      path = path.parent_path() / fs::read_symlink(path);
    }
    return fs::weakly_canonical(path);
  }

  fs::path directory_;
  fs::path resolved_;
};

std::string ReadRevisionFile(const std::string& path) {
  std::error_code error;
  std::string content = ReadFile(path, error);
  if (!error) return content;
  throw Error(ErrorCode::kRevisionFile,
              "cannot read the revision file " + path + ": " + std::strerror(error.value()))
      .At(path)
      .Hint("make the file readable, or move it out of the version locations");
}

}  // namespace

std::vector<std::string> ListRevisionFiles(const VersionLocations& locations,
                                           std::vector<std::string>* warnings) {
  std::vector<std::string> paths;
  std::unordered_set<std::string> seen;
  Resolver resolver;
  for (const std::string& directory : locations.directories) {
    const fs::path location = fs::absolute(directory);
    if (!fs::exists(location)) continue;
    std::vector<fs::path> found;
    Walk(locations, found).Visit(location.has_filename() ? location : location.parent_path());
    for (const fs::path& candidate : found) {
      const fs::path path = resolver.Resolve(candidate);
      if (!seen.insert(path.native()).second) {
        if (warnings != nullptr) {
          warnings->push_back("File " + path.native() + " loaded twice! ignoring. " +
                              "Please ensure version_locations is unique.");
        }
        continue;
      }
      if (IsRevisionFileName(path.filename().native(), locations.sourceless) && !IsShadowed(path)) {
        paths.push_back(path.native());
      }
    }
  }
  return paths;
}

DirectoryReading ReadDirectories(const VersionLocations& locations) {
  DirectoryReading reading;
  for (const std::string& path : ListRevisionFiles(locations, &reading.warnings)) {
    if (IsCompiled(path)) {
      reading.files.push_back(HeaderReading::Doubtful(path, {"the file is compiled", 0}));
    } else {
      reading.files.push_back(ReadHeader(path, ReadRevisionFile(path)));
    }
  }
  return reading;
}

}  // namespace memstack::revision
