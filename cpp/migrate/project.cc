#include "migrate/project.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "config/database_url.h"
#include "revision/directory.h"

namespace memstack::migrate {

revision::Graph LoadGraph(const config::Settings& settings, ScriptHost& host) {
  revision::VersionLocations locations;
  for (const config::ScriptPath& location : settings.version_locations) {
    locations.directories.push_back(location.needs_python ? host.LocateScripts(location.text)
                                                          : location.path.string());
  }
  locations.recursive = settings.recursive_version_locations;
  locations.sourceless = settings.sourceless;
  revision::DirectoryReading reading = revision::ReadDirectories(locations);
  for (const std::string& warning : reading.warnings) LogWarning(kEngineLogger, "{}", warning);
  std::vector<revision::Header> headers;
  headers.reserve(reading.files.size());
  for (revision::HeaderReading& file : reading.files) {
    headers.push_back(file.doubt ? host.ImportHeader(file.header.file) : std::move(file.header));
  }
  return revision::Graph(std::move(headers));
}

namespace {

config::Settings WithVersionDirectories(config::Settings settings, const History::Directories& directories) {
  if (directories.empty()) return settings;
  settings.version_locations.clear();
  for (const std::string& directory : directories)
    settings.version_locations.push_back(config::ScriptPath{directory, directory, false});
  return settings;
}

}  // namespace

History::History(ReadFunction read) : read_(std::move(read)) {
  try {
    static_cast<void>(graph());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kRevisionFile) throw;
  }
}

const revision::Graph& History::graph() const {
  const auto known = graphs_.find(directories_);
  if (known != graphs_.end()) return known->second;
  return graphs_.emplace(directories_, read_(directories_)).first->second;
}

Project LoadProject(config::Settings settings, ScriptHost& host) {
  History history([settings, &host](const History::Directories& directories) {
    return LoadGraph(WithVersionDirectories(settings, directories), host);
  });
  Project project{std::move(settings), std::move(history), std::nullopt};
  if (project.settings.url) {
    config::DatabaseUrl url = config::DatabaseUrl::Parse(project.settings.url->text());
    if (url.kind() == config::DatabaseKind::kEmbedded) {
      url = config::DatabaseUrl::Parse(host.StartEmbedded(project.settings.url->text()));
    }
    project.database = url.parameters();
  }
  return project;
}

std::vector<std::string> HeadIds(const revision::Graph& graph) {
  std::vector<std::string> ids = graph.Ids(graph.heads());
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace memstack::migrate
