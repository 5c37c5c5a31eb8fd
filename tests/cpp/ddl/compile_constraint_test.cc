#include <gtest/gtest.h>

#include "one_line.h"

namespace memstack::ddl {
namespace {

std::string Add(Constraint constraint) {
  return OneLine(AddConstraint{{{"t"}}, std::move(constraint)});
}

TEST(AddConstraintTest, EachKind) {
  EXPECT_EQ(Add(PrimaryKey{"pk", {"a", "B"}}), "ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY (a, \"B\")");
  EXPECT_EQ(Add(PrimaryKey{std::nullopt, {"a"}, {"b"}}), "ALTER TABLE t ADD PRIMARY KEY (a) INCLUDE (b)");
  EXPECT_EQ(Add(Unique{"uq", {"a"}, {}, true, {true, "DEFERRED"}}),
            "ALTER TABLE t ADD CONSTRAINT uq UNIQUE NULLS NOT DISTINCT (a) DEFERRABLE INITIALLY DEFERRED");
  EXPECT_EQ(Add(Check{"ck", "a > 5", {}, true}), "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 5) NOT VALID");
  Exclude exclude{"ex", "gist", {{"room", "="}, {"during", "&&"}}, "active"};
  EXPECT_EQ(
      Add(exclude),
      "ALTER TABLE t ADD CONSTRAINT ex EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (active)");
}

TEST(AddConstraintTest, ForeignKeyWritesItsActionsInOrder) {
  ForeignKey key{"fk",       {"a", "b"}, {{"s", "u"}},         {"c", "d"}, "FULL",
                 "SET NULL", "CASCADE",  {false, "IMMEDIATE"}, true};
  EXPECT_EQ(
      Add(key),
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a, b) REFERENCES s.u (c, d) MATCH FULL ON DELETE SET NULL "
      "ON UPDATE CASCADE NOT DEFERRABLE INITIALLY IMMEDIATE NOT VALID");
}

TEST(DropConstraintTest, WritesIfExists) {
  EXPECT_EQ(OneLine(DropConstraint{{{"s", "t"}}, "Ck"}), "ALTER TABLE s.t DROP CONSTRAINT \"Ck\"");
  EXPECT_EQ(OneLine(DropConstraint{{{"t"}}, "ck", true}), "ALTER TABLE t DROP CONSTRAINT IF EXISTS ck");
}

}  // namespace
}  // namespace memstack::ddl
