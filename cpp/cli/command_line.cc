#include "cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <regex>

#include "base/error.h"

namespace memstack::cli {
namespace {

constexpr std::string_view kVersion = MEMSTACK_VERSION;

// Run by the alembic package, over the engine's connections.
constexpr std::array<std::string_view, 9> kAlembicsCommands = {
    "branches", "check", "edit", "ensure_version", "init", "list_templates", "merge", "revision", "show"};

// Those of the flags before the command that are followed by their value.
constexpr std::array<std::string_view, 7> kFlagsWithValue = {"-c",    "--config",      "-n", "--name", "-x",
                                                             "--url", "--lock-timeout"};

// A relative revision ("-1") looks like a flag; behind this mark it does not.
constexpr char kMark = '\x1f';

bool IsRelativeRevision(const std::string& argument) {
  return argument.size() > 1 && argument[0] == '-' &&
         std::all_of(argument.begin() + 1, argument.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string WithoutMark(const std::string& text) {
  return !text.empty() && text[0] == kMark ? text.substr(1) : text;
}

bool IsAlembics(const std::string& command) {
  return std::find(kAlembicsCommands.begin(), kAlembicsCommands.end(), command) != kAlembicsCommands.end();
}

// The first argument that is neither a flag nor a flag's value.
std::vector<std::string>::const_iterator FindCommand(const std::vector<std::string>& arguments) {
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    const bool takes_value =
        std::find(kFlagsWithValue.begin(), kFlagsWithValue.end(), *argument) != kFlagsWithValue.end();
    if (takes_value && std::next(argument) != arguments.end()) {
      ++argument;
    } else if (!argument->starts_with("-")) {
      return argument;
    }
  }
  return arguments.end();
}

// Alembic's parser takes its global flags before the command only, and knows none of ours.
std::vector<std::string> GlobalArguments(const Invocation& invocation) {
  std::vector<std::string> line;
  for (const std::string& file : invocation.config_files) line.insert(line.end(), {"--config", file});
  if (invocation.section != "alembic") line.insert(line.end(), {"--name", invocation.section});
  for (const std::string& argument : invocation.x_arguments) line.insert(line.end(), {"-x", argument});
  if (invocation.raise_errors) line.emplace_back("--raiseerr");
  if (invocation.quiet) line.emplace_back("--quiet");
  return line;
}

std::vector<std::string> AlembicArguments(const Invocation& invocation,
                                          const std::vector<std::string>& rest) {
  std::vector<std::string> line = GlobalArguments(invocation);
  // `status` is ours; env.py sees what it would see of `current`.
  line.push_back(invocation.command == "status" ? "current" : invocation.command);
  if (IsAlembics(invocation.command)) {
    line.insert(line.end(), rest.begin(), rest.end());
    return line;
  }
  const auto flag = [&line](bool is_set, const char* name) {
    if (is_set) line.emplace_back(name);
  };
  flag(invocation.sql, "--sql");
  flag(invocation.purge, "--purge");
  flag(invocation.verbose, "--verbose");
  flag(invocation.check_heads, "--check-heads");
  flag(invocation.indicate_current, "--indicate-current");
  flag(invocation.resolve_dependencies, "--resolve-dependencies");
  if (!invocation.tag.empty()) line.insert(line.end(), {"--tag", invocation.tag});
  if (!invocation.rev_range.empty()) line.push_back("--rev-range=" + invocation.rev_range);
  line.insert(line.end(), invocation.targets.begin(), invocation.targets.end());
  return line;
}

// CLI11 repeats what was typed, and a URL may have been.
std::string WithoutPasswords(const std::string& message) {
  static const std::regex kUserInfo("(://[^ :/@]*:)[^ /]+@");
  return std::regex_replace(message, kUserInfo, "$1***@");
}

class Parser {
 public:
  explicit Parser(const std::string& program) : app_("Runs Alembic projects on PostgreSQL.", program) {
    app_.set_version_flag("--version", fmt::format("{} {}", program, kVersion));
    app_.fallthrough();
    app_.require_subcommand(1);
    AddGlobalFlags();
    AddUpgradeAndDowngrade();
    AddLooking();
    AddStamp();
    AddParity();
    for (const std::string_view name : kAlembicsCommands) {
      AddCommand(std::string(name), "Alembic's own command, on the engine's connection");
    }
  }

  ParseOutcome Parse(const std::vector<std::string>& arguments) {
    // What follows one of Alembic's own commands is Alembic's to parse.
    const auto command = FindCommand(arguments);
    if (command != arguments.end()) RequireKnown(*command);
    const bool is_alembics = command != arguments.end() && IsAlembics(*command);
    const auto end = is_alembics ? command + 1 : arguments.end();
    std::vector<std::string> reversed;
    for (auto argument = arguments.begin(); argument != end; ++argument) {
      reversed.insert(reversed.begin(), IsRelativeRevision(*argument) ? kMark + *argument : *argument);
    }
    try {
      app_.parse(reversed);
    } catch (const CLI::CallForHelp&) {
      return {std::nullopt, app_.help("", CLI::AppFormatMode::Normal)};
    } catch (const CLI::CallForVersion& version) {
      return {std::nullopt, std::string(version.what()) + "\n"};
    } catch (const CLI::ParseError& error) {
      throw Error(ErrorCode::kUsage, Explain(error)).Hint(fmt::format("see: {} --help", app_.get_name()));
    }
    Finish({end, arguments.end()});
    return {result_, ""};
  }

 private:
  void AddGlobalFlags() {
    app_.add_option("-c,--config", result_.config_files, "configuration file, alembic.ini or pyproject.toml")
        ->take_all()
        ->allow_extra_args(false);
    app_.add_option("-n,--name", result_.section, "section of the ini file (default: alembic)");
    app_.add_option("-x", result_.x_arguments, "argument for env.py, as in -x tenant=a")
        ->take_all()
        ->allow_extra_args(false);
    app_.add_option("--url", result_.url,
                    "the database; spares running env.py when nothing is to do; '' leaves it to env.py");
    app_.add_option("--lock-timeout", result_.lock_timeout,
                    "seconds to wait for another run (default: 300; 0: do not wait)")
        ->check(CLI::Range(0.0, 1e9));
    app_.add_flag("--raiseerr", result_.raise_errors, "show the Python traceback of an error");
    app_.add_flag("-q,--quiet", result_.quiet, "print nothing but errors");
    app_.add_flag("--json", result_.json, "print the report as JSON");
  }

  void RequireKnown(const std::string& command) const {
    const auto is_it = [&command](const CLI::App* candidate) { return candidate->get_name() == command; };
    if (!app_.get_subcommands(is_it).empty()) return;
    throw Error(ErrorCode::kUsage, fmt::format("there is no command '{}'", command))
        .Hint(fmt::format("see: {} --help", app_.get_name()));
  }

  CLI::App* AddCommand(const std::string& name, const std::string& description) {
    return app_.add_subcommand(name, description);
  }

  void AddUpgradeAndDowngrade() {
    CLI::App* upgrade = AddCommand("upgrade", "Run revisions up to a target (default: head)");
    upgrade
        ->add_option("revision", result_.targets, "head, heads, an id, a part of one, +1, id+2, label@head")
        ->expected(0, 1);
    CLI::App* downgrade = AddCommand("downgrade", "Undo revisions down to a target");
    downgrade->add_option("revision", result_.targets, "base, an id, a part of one, -1, label@base")
        ->expected(1)
        ->required();
    for (CLI::App* command : {upgrade, downgrade}) {
      command->add_flag("--sql", result_.sql, "print the SQL instead of running it");
      command->add_option("--tag", result_.tag, "a tag for env.py");
    }
  }

  void AddLooking() {
    CLI::App* current = AddCommand("current", "Show the revisions that the database is at");
    current->add_flag("-c,--check-heads", result_.check_heads,
                      "exit with an error unless all heads are applied");
    CLI::App* heads = AddCommand("heads", "Show the heads of the revision files");
    heads->add_flag("--resolve-dependencies", result_.resolve_dependencies,
                    "treat dependencies as down revisions");
    CLI::App* history = AddCommand("history", "List the revisions, newest first");
    history->add_option("-r,--rev-range", result_.rev_range, "[start]:[end]");
    history->add_flag("-i,--indicate-current", result_.indicate_current, "mark where the database is");
    for (CLI::App* command : {current, heads, history}) {
      command->add_flag("-v,--verbose", result_.verbose, "show everything about each revision");
    }
    AddCommand("status", "Show where the database is, where the files are, and what is to run");
  }

  void AddStamp() {
    CLI::App* stamp = AddCommand("stamp", "Set the version table without running anything");
    stamp->add_option("revisions", result_.targets, "the revisions")->expected(1, -1)->required();
    stamp->add_flag("--sql", result_.sql, "print the SQL instead of running it");
    stamp->add_option("--tag", result_.tag, "a tag for env.py");
    stamp->add_flag("--purge", result_.purge, "empty the version table first");
  }

  void AddParity() {
    CLI::App* parity = AddCommand(
        "parity",
        "Run the revisions through Alembic and through this program, on scratch databases, and compare");
    parity->add_option("revision", result_.targets, "how far (default: heads)")->expected(0, 1);
    parity->add_option(
        "--template", result_.template_database,
        "the database that scratch databases are copied from, for extensions that revisions expect");
  }

  // CLI11 says of a mistyped command only that one is required.
  std::string Explain(const CLI::ParseError& error) const {
    const std::vector<std::string> unknown = app_.remaining();
    if (!app_.get_subcommands().empty() || unknown.empty()) return WithoutPasswords(error.what());
    return fmt::format("there is no command '{}'", unknown.front());
  }

  void RequireSense() const {
    if (!result_.sql) return;
    if (result_.purge) {
      throw Error(
          ErrorCode::kUsage,
          "--purge cannot be combined with --sql: without a database there is no telling what to purge")
          .Hint("put a DELETE FROM for the version table in front of the script");
    }
    if (result_.json) {
      throw Error(ErrorCode::kUsage,
                  "--json cannot be combined with --sql, whose output is the script itself");
    }
  }

  void Finish(const std::vector<std::string>& rest) {
    result_.command = app_.get_subcommands().front()->get_name();
    for (std::string& target : result_.targets) target = WithoutMark(target);
    RequireSense();
    if (result_.command == "upgrade" && result_.targets.empty()) result_.targets = {"head"};
    if (result_.command == "parity" && result_.targets.empty()) result_.targets = {"heads"};
    result_.alembic_arguments = AlembicArguments(result_, rest);
    result_.is_alembics = IsAlembics(result_.command);
  }

  Invocation result_;
  CLI::App app_;
};

}  // namespace

ParseOutcome ParseCommandLine(const std::string& program, const std::vector<std::string>& arguments) {
  return std::make_unique<Parser>(program)->Parse(arguments);
}

}  // namespace memstack::cli
