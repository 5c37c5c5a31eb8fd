// The calls that decide what is migrated where: configure(), run_migrations(), engines, options that are set.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/word_list.h"
#include "config/environment_rules.h"
#include "config/python_call.h"

namespace memstack::config {
namespace {

// Arguments of context.configure() that change neither the database nor the version table nor the schema.
constexpr auto kHarmlessConfigure = std::to_array<std::string_view>({"connection",
                                                                     "url",
                                                                     "dialect_name",
                                                                     "dialect_opts",
                                                                     "transactional_ddl",
                                                                     "transaction_per_migration",
                                                                     "output_buffer",
                                                                     "template_args",
                                                                     "render_as_batch",
                                                                     "target_metadata",
                                                                     "include_name",
                                                                     "include_object",
                                                                     "include_symbol",
                                                                     "include_schemas",
                                                                     "process_revision_directives",
                                                                     "compare_type",
                                                                     "compare_server_default",
                                                                     "render_item",
                                                                     "literal_binds",
                                                                     "upgrade_token",
                                                                     "downgrade_token",
                                                                     "alembic_module_prefix",
                                                                     "sqlalchemy_module_prefix",
                                                                     "user_module_prefix",
                                                                     "on_version_apply",
                                                                     "autogenerate_plugins",
                                                                     "dialect"});

constexpr auto kEngineMakers = std::to_array<std::string_view>(
    {"create_engine", "engine_from_config", "create_async_engine", "async_engine_from_config"});

// Arguments of those that change neither the database nor the session.
constexpr auto kHarmlessEngine = std::to_array<std::string_view>({"url",
                                                                  "configuration",
                                                                  "prefix",
                                                                  "poolclass",
                                                                  "echo",
                                                                  "echo_pool",
                                                                  "future",
                                                                  "pool_pre_ping",
                                                                  "pool_size",
                                                                  "max_overflow",
                                                                  "pool_recycle",
                                                                  "pool_timeout",
                                                                  "pool_use_lifo",
                                                                  "pool_reset_on_return",
                                                                  "isolation_level",
                                                                  "hide_parameters",
                                                                  "logging_name",
                                                                  "pool_logging_name",
                                                                  "query_cache_size",
                                                                  "json_serializer",
                                                                  "json_deserializer"});

// SQLAlchemy's own pools; another class may set up its connections.
constexpr auto kPools = std::to_array<std::string_view>(
    {"NullPool", "QueuePool", "StaticPool", "SingletonThreadPool", "AssertionPool", "AsyncAdaptedQueuePool"});

// Under which names people import what makes engines.
constexpr auto kSqlalchemyModules =
    std::to_array<std::string_view>({"sqlalchemy", "sa", "sqlmodel", "engine", "asyncio"});

RuleResult CheckArguments(const std::vector<PythonArgument>& arguments,
                          std::span<const std::string_view> harmless, size_t most_positional,
                          const PythonToken& name) {
  size_t positional = 0;
  for (const PythonArgument& argument : arguments) {
    if (argument.is_spread)
      return ScanFinding{fmt::format("{}() is given arguments with '*' or '**'", name.text), name.line};
    if (argument.keyword.empty()) {
      ++positional;
    } else if (!Contains(harmless, argument.keyword)) {
      return ScanFinding{fmt::format("{}() is given '{}'", name.text, argument.keyword), name.line};
    }
  }
  if (positional <= most_positional) return std::nullopt;
  return ScanFinding{fmt::format("{}() is given several arguments without a name", name.text), name.line};
}

bool HasArgument(const std::vector<PythonArgument>& arguments, std::string_view keyword) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const PythonArgument& argument) { return argument.keyword == keyword; });
}

struct ConfigureCounts {
  int online = 0;
  int offline = 0;
  int runs = 0;
};

RuleResult CountCall(const PythonTokens& python, size_t at, ConfigureCounts& counts) {
  const PythonToken& token = python.tokens[at];
  const bool is_direct = at >= 2 && python.tokens[at - 1].Is(".") && python.tokens[at - 2].Is("context");
  const auto arguments = ParseCall(python, at);
  if (!is_direct || !arguments) {
    return ScanFinding{fmt::format("'{}' is not called directly on context", token.text), token.line};
  }
  if (token.text == "run_migrations") {
    ++counts.runs;
    return std::nullopt;
  }
  if (RuleResult finding = CheckArguments(*arguments, kHarmlessConfigure, 1, token)) return finding;
  // Without a connection, configure() can only be meant for offline mode.
  const bool has_positional =
      std::any_of(arguments->begin(), arguments->end(),
                  [](const PythonArgument& argument) { return argument.keyword.empty(); });
  ++(has_positional || HasArgument(*arguments, "connection") ? counts.online : counts.offline);
  return std::nullopt;
}

// An argument that picks a database: URL.create(database=...), url.set(database=...).
RuleResult CheckDatabaseArgument(const PythonTokens& python) {
  for (size_t i = 0; i + 1 < python.tokens.size(); ++i) {
    if (python.tokens[i].Is("database") && python.tokens[i].depth > 0 && python.tokens[i + 1].Is("=")) {
      return ScanFinding{"it names a database itself", python.tokens[i].line};
    }
  }
  return std::nullopt;
}

}  // namespace

RuleResult CheckConfigure(const PythonTokens& python) {
  ConfigureCounts counts;
  bool asks_for_mode = false;
  for (size_t i = 0; i < python.tokens.size(); ++i) {
    const PythonToken& token = python.tokens[i];
    asks_for_mode = asks_for_mode || token.Is("is_offline_mode");
    if (!token.Is("configure") && !token.Is("run_migrations")) continue;
    if (RuleResult finding = CountCall(python, i, counts)) return finding;
  }
  if (counts.online == 0)
    return ScanFinding{"it calls context.configure() with no connection: other code does that", 0};
  if (counts.runs == 0)
    return ScanFinding{"it does not call context.run_migrations(): other code does that", 0};
  if (counts.online > 1)
    return ScanFinding{"it calls context.configure() with a connection more than once", 0};
  if (counts.offline > 1)
    return ScanFinding{"it calls context.configure() without a connection more than once", 0};
  if (counts.offline == 1 && !asks_for_mode)
    return ScanFinding{"it does not ask context.is_offline_mode()", 0};
  if (counts.runs > counts.online + counts.offline) {
    return ScanFinding{"it calls context.run_migrations() more often than context.configure()", 0};
  }
  return std::nullopt;
}

RuleResult CheckEngines(const PythonTokens& python) {
  int made = 0;
  for (size_t i = 0; i < python.tokens.size(); ++i) {
    const PythonToken& token = python.tokens[i];
    if (token.kind != PythonTokenKind::kName || !Contains(kEngineMakers, token.text) || IsInImport(python, i))
      continue;
    const auto arguments = ParseCall(python, i);
    const bool is_defined = i > 0 && python.tokens[i - 1].Is("def");
    const bool is_foreign =
        i >= 2 && python.tokens[i - 1].Is(".") && !Contains(kSqlalchemyModules, python.tokens[i - 2].text);
    if (!arguments || is_defined || is_foreign)
      return ScanFinding{fmt::format("'{}' is not simply called", token.text), token.line};
    if (RuleResult finding = CheckArguments(*arguments, kHarmlessEngine, 2, token)) return finding;
    for (const PythonArgument& argument : *arguments) {
      const bool is_pool = argument.keyword == "poolclass" && argument.end > argument.begin;
      if (is_pool && !Contains(kPools, python.tokens[argument.end - 1].text)) {
        return ScanFinding{"its engine has a pool class of its own", token.line};
      }
    }
    ++made;
  }
  if (made == 0) return ScanFinding{"it makes no engine itself: its connection comes from elsewhere", 0};
  return CheckDatabaseArgument(python);
}

RuleResult CheckSetOptions(const PythonTokens& python) {
  for (size_t i = 0; i < python.tokens.size(); ++i) {
    const PythonToken& token = python.tokens[i];
    if (!token.Is("set_main_option") && !token.Is("set_section_option")) continue;
    const auto arguments = ParseCall(python, i);
    const size_t key = token.Is("set_main_option") ? 0 : 1;
    const auto unclear = [&] {
      return ScanFinding{fmt::format("{}() sets an option that is not plain", token.text), token.line};
    };
    if (!arguments || arguments->size() <= key) return unclear();
    const PythonArgument& argument = (*arguments)[key];
    if (argument.is_spread || argument.end != argument.begin + 1 || !python.tokens[argument.begin].IsString())
      return unclear();
    const std::string_view name = python.tokens[argument.begin].Body();
    const bool is_address = name == "sqlalchemy.url";
    if (!is_address &&
        (name.starts_with("version") || name.starts_with("script") || name.starts_with("sqlalchemy."))) {
      return ScanFinding{fmt::format("it sets the option '{}'", name), token.line};
    }
  }
  return std::nullopt;
}

}  // namespace memstack::config
