#include "script/type_bridge.h"

#include <string>
#include <unordered_map>

namespace py = pybind11;

namespace memstack::script {
namespace {

using ddl::Type;
using ddl::TypeKind;

// How PGTypeCompiler treats each __visit_name__: the key word, and which arguments it takes.
enum class Shape { kPlain, kString, kNumeric, kFloat, kDateTime, kUuid };
struct Spelling {
  const char* keyword;
  Shape shape = Shape::kPlain;
};

const std::unordered_map<std::string, Spelling>& Spellings() {
  static const auto* spellings = new std::unordered_map<std::string, Spelling>{
      {"integer", {"INTEGER"}},
      {"INTEGER", {"INTEGER"}},
      {"small_integer", {"SMALLINT"}},
      {"SMALLINT", {"SMALLINT"}},
      {"big_integer", {"BIGINT"}},
      {"BIGINT", {"BIGINT"}},
      {"boolean", {"BOOLEAN"}},
      {"BOOLEAN", {"BOOLEAN"}},
      {"date", {"DATE"}},
      {"DATE", {"DATE"}},
      {"double", {"DOUBLE PRECISION"}},
      {"DOUBLE_PRECISION", {"DOUBLE PRECISION"}},
      {"REAL", {"REAL"}},
      {"real", {"REAL"}},
      {"JSON", {"JSON"}},
      {"JSONB", {"JSONB"}},
      {"large_binary", {"BYTEA"}},
      {"BYTEA", {"BYTEA"}},
      {"BLOB", {"BLOB"}},
      {"INET", {"INET"}},
      {"CIDR", {"CIDR"}},
      {"CITEXT", {"CITEXT", Shape::kPlain}},
      {"MACADDR", {"MACADDR"}},
      {"MACADDR8", {"MACADDR8"}},
      {"MONEY", {"MONEY"}},
      {"OID", {"OID"}},
      {"REGCLASS", {"REGCLASS"}},
      {"REGCONFIG", {"REGCONFIG"}},
      {"TSVECTOR", {"TSVECTOR"}},
      {"TSQUERY", {"TSQUERY"}},
      {"HSTORE", {"HSTORE"}},
      {"JSONPATH", {"JSONPATH"}},
      {"INT4RANGE", {"INT4RANGE"}},
      {"INT8RANGE", {"INT8RANGE"}},
      {"NUMRANGE", {"NUMRANGE"}},
      {"DATERANGE", {"DATERANGE"}},
      {"TSRANGE", {"TSRANGE"}},
      {"TSTZRANGE", {"TSTZRANGE"}},
      {"INT4MULTIRANGE", {"INT4MULTIRANGE"}},
      {"INT8MULTIRANGE", {"INT8MULTIRANGE"}},
      {"NUMMULTIRANGE", {"NUMMULTIRANGE"}},
      {"DATEMULTIRANGE", {"DATEMULTIRANGE"}},
      {"TSMULTIRANGE", {"TSMULTIRANGE"}},
      {"TSTZMULTIRANGE", {"TSTZMULTIRANGE"}},
      {"string", {"VARCHAR", Shape::kString}},
      {"unicode", {"VARCHAR", Shape::kString}},
      {"VARCHAR", {"VARCHAR", Shape::kString}},
      {"CHAR", {"CHAR", Shape::kString}},
      {"text", {"TEXT", Shape::kString}},
      {"unicode_text", {"TEXT", Shape::kString}},
      {"TEXT", {"TEXT", Shape::kString}},
      {"numeric", {"NUMERIC", Shape::kNumeric}},
      {"NUMERIC", {"NUMERIC", Shape::kNumeric}},
      {"DECIMAL", {"DECIMAL", Shape::kNumeric}},
      {"float", {"FLOAT", Shape::kFloat}},
      {"FLOAT", {"FLOAT", Shape::kFloat}},
      {"datetime", {"TIMESTAMP", Shape::kDateTime}},
      {"TIMESTAMP", {"TIMESTAMP", Shape::kDateTime}},
      {"time", {"TIME", Shape::kDateTime}},
      {"TIME", {"TIME", Shape::kDateTime}},
      {"uuid", {"UUID", Shape::kUuid}},
      {"UUID", {"UUID"}},
  };
  return *spellings;
}

std::optional<int> Number(const py::object& value) {
  return Optional(value, [](const py::object& number) {
    if (!PyLong_CheckExact(number.ptr())) throw Unconvertible{"an argument of the type is no integer"};
    return py::cast<int>(number);
  });
}

// The arguments of `shape`; nothing if the type has something beyond them.
std::optional<Type> ReadSpelled(const Spelling& spelling, const py::object& type) {
  Type read{TypeKind::kSized, spelling.keyword};
  switch (spelling.shape) {
    case Shape::kPlain:
      read.kind = TypeKind::kKeyword;
      return read;
    case Shape::kString:
      // How a collation is quoted differs between SQLAlchemy's releases.
      if (!AttributeOrNone(type, "collation").is_none()) return std::nullopt;
      if (IsTrue(type.attr("length"))) read.precision = Number(type.attr("length"));
      return read;
    case Shape::kNumeric:
      read.precision = Number(type.attr("precision"));
      read.scale = Number(type.attr("scale"));
      return read;
    case Shape::kFloat:
      if (IsTrue(type.attr("precision"))) read.precision = Number(type.attr("precision"));
      return read;
    case Shape::kDateTime:
      read.kind = TypeKind::kTime;
      read.precision = Number(AttributeOrNone(type, "precision"));
      read.with_time_zone = IsTrue(type.attr("timezone"));
      return read;
    case Shape::kUuid:
      if (!IsTrue(type.attr("native_uuid"))) return std::nullopt;
      read.kind = TypeKind::kKeyword;
      return read;
  }
  return std::nullopt;
}

// An enum or a domain; nothing if SQLAlchemy would refuse its name or store it as VARCHAR.
std::optional<Type> ReadNamed(const LeafCompiler& leaves, const py::object& type) {
  if (VisitName(type) == "enum" && !IsTrue(type.attr("native_enum"))) return std::nullopt;
  const py::object name = type.attr("name");
  const py::object schema = type.attr("schema");
  if (!IsTrue(name)) return std::nullopt;
  if (schema.is_none() && leaves.dialect().attr("ischema_names").contains(name)) return std::nullopt;
  Type read{TypeKind::kNamed, ""};
  if (!schema.is_none()) read.name.parts.push_back(LeafCompiler::Name(schema));
  read.name.parts.push_back(LeafCompiler::Name(name));
  return read;
}

// `column`: as for ReadType.
std::optional<Type> ReadKnown(const LeafCompiler& leaves, const py::object& type, const py::object& column) {
  const std::string visit = VisitName(type);
  if (visit == "enum" || visit == "ENUM" || visit == "DOMAIN") return ReadNamed(leaves, type);
  if (visit == "INTERVAL") {
    Type read{TypeKind::kInterval, ""};
    const py::object fields = AttributeOrNone(type, "fields");
    if (!fields.is_none()) read.fields = leaves.Raw(fields);
    read.precision = Number(type.attr("precision"));
    return read;
  }
  if (visit == "BIT") {
    Type read{TypeKind::kBit, ""};
    read.varying = IsTrue(type.attr("varying"));
    read.precision = Number(type.attr("length"));
    return read.varying || read.precision ? std::optional(read) : std::nullopt;
  }
  if (visit == "ARRAY") {
    const py::object item = type.attr("item_type");
    Type read = ReadType(leaves, item, column);
    if (read.kind == TypeKind::kText || read.dimensions > 0) return std::nullopt;
    const py::object dimensions = type.attr("dimensions");
    read.dimensions = dimensions.is_none() ? 1 : py::cast<int>(dimensions);
    return read;
  }
  const auto spelling = Spellings().find(visit);
  if (spelling == Spellings().end()) return std::nullopt;
  return ReadSpelled(spelling->second, type);
}

}  // namespace

Type ReadType(const LeafCompiler& leaves, const py::object& type, const py::object& column) {
  const py::object resolved = leaves.upstream("type_for_dialect")(type, leaves.dialect());
  if (IsTrue(leaves.upstream("is_standard_type")(resolved))) {
    if (const std::optional<Type> known = ReadKnown(leaves, resolved, column)) return *known;
  }
  return {TypeKind::kText, leaves.Type(type, column)};
}

}  // namespace memstack::script
