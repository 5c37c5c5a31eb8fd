#include "script/python_host.h"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <memory>
#include <utility>

#include "migrate/statement_sink.h"
#include "script/borrowed_session.h"
#include "script/environment_session.h"
#include "script/offline_writer.h"
#include "script/python_failure.h"
#include "script/python_revision_runner.h"

namespace py = pybind11;

namespace memstack::script {
namespace {

py::object NoneIfEmpty(const std::string& text) {
  return text.empty() ? py::object(py::none()) : py::str(text);
}

// As Alembic's commands pass it: `stamp` a tuple, the others a text or nothing.
py::object Destination(const migrate::EnvironmentRequest& request) {
  if (const auto* one = std::get_if<std::string>(&request.destination_revision)) return py::str(*one);
  if (const auto* several = std::get_if<std::vector<std::string>>(&request.destination_revision)) {
    return py::tuple(py::cast(*several));
  }
  return py::none();
}

py::object Import(const char* module) {
  return py::module_::import(module);
}

revision::Header HeaderFrom(const py::dict& fields, const std::string& file) {
  revision::Header header;
  header.file = file;
  if (fields["revision"].is_none()) {
    throw Error(ErrorCode::kRevisionFile, "the file sets no `revision`")
        .At(file)
        .Hint("write revision = \"...\" in it, or move the file out of the version location");
  }
  header.revision = fields["revision"].cast<std::string>();
  header.down_revisions = fields["down_revisions"].cast<std::vector<std::string>>();
  header.branch_labels = fields["branch_labels"].cast<std::vector<std::string>>();
  header.depends_on = fields["depends_on"].cast<std::vector<std::string>>();
  header.message = fields["message"].cast<std::string>();
  header.long_message = fields["long_message"].cast<std::string>();
  return header;
}

struct Deactivate {
  std::shared_ptr<const migrate::MigrateFunction*> active;
  ~Deactivate() { *active = nullptr; }
};

}  // namespace

PythonHost::PythonHost(const config::Settings& settings, PythonHostOptions options)
    : settings_(settings), options_(std::move(options)) {}

py::object PythonHost::MakeRequest(const migrate::EnvironmentRequest& request,
                                   const py::object& output) const {
  py::dict context_options;
  context_options["as_sql"] = !output.is_none();
  context_options["starting_rev"] = NoneIfEmpty(request.starting_revision);
  context_options["destination_rev"] = Destination(request);
  context_options["tag"] = NoneIfEmpty(request.tag);
  context_options["dont_mutate"] = !request.may_change_database;
  py::dict main_options;
  for (const auto& [name, value] : settings_.main_options) main_options[py::str(name)] = value;
  // Whoever says where the database is means env.py, too.
  // In main options a % is written twice.
  if (settings_.url && !main_options.contains("sqlalchemy.url")) {
    const std::string& url = embedded_url_.empty() ? settings_.url->text() : embedded_url_;
    main_options["sqlalchemy.url"] = py::str(url).attr("replace")("%", "%%");
  }
  return Import("memstack_migrate.environment")
      .attr("EnvironmentRequest")(
          py::arg("ini_file") = settings_.config_file_name, py::arg("toml_file") = settings_.toml_file_name,
          py::arg("ini_section") = settings_.ini_section, py::arg("command_line") = options_.command_line,
          py::arg("x_arguments") = settings_.x_arguments, py::arg("main_options") = main_options,
          py::arg("uses_projects_driver") = settings_.uses_projects_driver,
          py::arg("attributes") = options_.attributes, py::arg("context_options") = context_options,
          py::arg("output") = output);
}

migrate::MigrationCall PythonHost::MakeCall(const py::object& context, const py::dict& arguments) {
  context.attr("check_supported")();
  migrate::MigrationCall call;
  std::shared_ptr<migrate::StatementSink> sink;
  if (context.attr("as_sql").cast<bool>()) {
    call.writer = std::make_shared<OfflineWriter>(context);
    call.starting_revisions = context.attr("starting_revisions").cast<std::vector<std::string>>();
    sink = std::make_shared<migrate::OfflineSink>(call.writer);
  } else {
    Connect(call, context);
    sink = std::make_shared<migrate::LiveSink>(call.session);
  }
  call.runner = std::make_shared<PythonRevisionRunner>(
      context, arguments, sink,
      [this](const py::error_already_set& exception, Error error) { Remember(exception, std::move(error)); });
  call.version_directories = context.attr("version_directories").cast<std::vector<std::string>>();
  call.version_table.table = context.attr("version_table").cast<std::string>();
  const py::object schema = context.attr("schema_of_version_table");
  if (!schema.is_none()) call.version_table.schema = schema.cast<std::string>();
  call.version_table.has_primary_key = context.attr("has_version_table_key").cast<bool>();
  return call;
}

void PythonHost::Connect(migrate::MigrationCall& call, const py::object& context) const {
  const py::object borrowed = context.attr("borrowed_connection");
  if (borrowed.is_none()) {
    auto connection = options_.connection_of(context.attr("engine_connection"));
    call.database = pg::DatabaseText(*connection);
    call.backend_pid = connection->backend_pid();
    call.session = std::make_shared<EnvironmentSession>(context, std::move(connection));
  } else {
    Borrow(call, context, borrowed);
  }
  call.is_callers = context.attr("is_callers_connection").cast<bool>();
  if (context.attr("in_external_transaction").cast<bool>()) {
    call.transaction_mode = migrate::TransactionMode::kCallers;
  } else if (context.attr("transaction_per_migration").cast<bool>()) {
    call.transaction_mode = migrate::TransactionMode::kPerRevision;
  }
}

void PythonHost::Borrow(migrate::MigrationCall& call, const py::object& context,
                        const py::object& borrowed) const {
  call.driver = context.attr("dialect").attr("driver").cast<std::string>();
  call.driver_reason = context.attr("borrowed_reason").cast<std::string>();
  call.database = borrowed.attr("database").cast<std::string>();
  call.backend_pid = borrowed.attr("backend_pid").cast<int>();
  const auto session = std::make_shared<BorrowedSession>(context, borrowed);
  call.session = session;
  call.open_other = [this, session]() -> std::shared_ptr<pg::Session> {
    return session->OpenOther(options_.connection_of);
  };
}

void PythonHost::RunEnvironment(const migrate::EnvironmentRequest& request,
                                const migrate::MigrateFunction& migrate) {
  const py::gil_scoped_acquire gil;
  Execute(MakeRequest(request, py::none()), migrate);
}

std::string PythonHost::WriteScript(const migrate::EnvironmentRequest& request,
                                    const migrate::MigrateFunction& migrate) {
  const py::gil_scoped_acquire gil;
  const py::object output = Import("io").attr("StringIO")();
  Execute(MakeRequest(request, output), migrate);
  return output.attr("getvalue")().cast<std::string>();
}

void PythonHost::Execute(const py::object& request, const migrate::MigrateFunction& migrate) {
  failures_.clear();
  last_exception_ = py::none();
  // Python may keep the callback for longer than this frame lives: it then finds nothing.
  const auto active = std::make_shared<const migrate::MigrateFunction*>(&migrate);
  const Deactivate deactivate{active};
  try {
    const py::cpp_function run_migrations(
        [this, active](const py::object& context, const py::dict& arguments) {
          if (*active == nullptr)
            throw Error(ErrorCode::kEnvironment, "the run that this context belongs to is over");
          RunMigrations(**active, context, arguments);
        });
    Import("memstack_migrate.environment")
        .attr("run_environment")(request, run_migrations, py::arg("library_mode") = options_.library_mode);
  } catch (const py::error_already_set& exception) {
    throw ErrorFor(exception);
  }
}

void PythonHost::RunMigrations(const migrate::MigrateFunction& migrate, const py::object& context,
                               const py::dict& arguments) {
  try {
    migrate::MigrationCall call = MakeCall(context, arguments);
    const py::gil_scoped_release release;
    migrate(std::move(call));
  } catch (const Error& error) {
    failures_.push_back({py::none(), error});
    throw;
  }
}

void PythonHost::Remember(const py::error_already_set& exception, Error error) {
  failures_.push_back({exception.value(), std::move(error)});
}

// What leaves env.py is, mostly, what a revision or the engine raised within it.
Error PythonHost::ErrorFor(const py::error_already_set& exception) {
  last_exception_ = exception.value();
  // Ctrl-C under asyncio.run() comes to a revision as a CancelledError.
  const bool is_interrupt = exception.matches(PyExc_KeyboardInterrupt);
  for (auto failure = failures_.rbegin(); failure != failures_.rend(); ++failure) {
    if (is_interrupt && failure->error.code() != ErrorCode::kInterrupted) continue;
    if (failure->exception.is_none() ? ComesFromEngine(last_exception_, failure->error)
                                     : ComesFrom(last_exception_, failure->exception)) {
      // The cause that a caller sees is what the revision raised, whatever env.py made of it.
      if (!failure->exception.is_none()) last_exception_ = failure->exception;
      return failure->error;
    }
  }
  const std::string file = (settings_.script_location.path / "env.py").string();
  return DescribeException(exception, file, ErrorCode::kEnvironment);
}

Error PythonHost::ErrorOf(const std::exception_ptr& exception) {
  const py::gil_scoped_acquire gil;
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    return error;
  } catch (const py::error_already_set& error) {
    return ErrorFor(error);
  } catch (const std::exception& error) {
    return Error(ErrorCode::kInternal, error.what());
  }
}

revision::Header PythonHost::ImportHeader(const std::string& file) {
  const py::gil_scoped_acquire gil;
  try {
    const py::dict fields =
        Import("memstack_migrate.revision_runner").attr("import_header")(file, settings_.prepend_sys_path);
    return HeaderFrom(fields, file);
  } catch (const py::error_already_set& exception) {
    last_exception_ = exception.value();
    throw DescribeException(exception, file, ErrorCode::kRevisionFile);
  }
}

std::string PythonHost::LocateScripts(const std::string& text) {
  const py::gil_scoped_acquire gil;
  try {
    return Import("memstack_migrate.revision_runner")
        .attr("locate_scripts")(text, settings_.prepend_sys_path)
        .cast<std::string>();
  } catch (const py::error_already_set& exception) {
    last_exception_ = exception.value();
    throw Error(ErrorCode::kConfiguration,
                fmt::format("the scripts '{}' cannot be found: {}", text, exception.what()))
        .Hint("a script location of this form is package:directory, and the package must be importable");
  }
}

std::string PythonHost::StartEmbedded(const std::string& url) {
  const py::gil_scoped_acquire gil;
  try {
    embedded_url_ = Import("memstack_migrate.embedded").attr("resolve")(url).cast<std::string>();
    return embedded_url_;
  } catch (const py::error_already_set& exception) {
    last_exception_ = exception.value();
    throw Error(ErrorCode::kConfiguration, py::str(exception.value()).cast<std::string>());
  }
}

}  // namespace memstack::script
