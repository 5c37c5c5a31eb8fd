"""rows by bulk_insert

Revision ID: d001
Revises:
Create Date: 2020-01-01 00:00:00

"""
import datetime
import decimal
import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    items = op.create_table(
        "items",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("since", sa.Date()),
        sa.Column("token", postgresql.UUID(as_uuid=True)),
        sa.Column("extra", postgresql.JSONB()),
        sa.Column("tags", postgresql.ARRAY(sa.Text())),
        sa.Column("raw", sa.LargeBinary()),
        sa.Column("on_sale", sa.Boolean()),
    )
    op.bulk_insert(
        items,
        [
            {
                "id": 1,
                "name": "it's \"quoted\" 100% \\ back, :colon and é",
                "price": decimal.Decimal("12.30"),
                "since": datetime.date(2019, 12, 31),
                "token": uuid.UUID("5c0a9d5e-4a3a-4a57-9d4b-1f6f1f0c7a11"),
                "extra": {"a": [1, 2.5, None], "b": "it's"},
                "tags": ["x", 'y"z', "a,b"],
                "raw": b"\x00\xff'",
                "on_sale": True,
            },
            {
                "id": 2,
                "name": "plain",
                "price": None,
                "since": None,
                "token": None,
                "extra": {},
                "tags": [],
                "raw": None,
                "on_sale": False,
            },
        ],
    )
    op.bulk_insert(
        sa.table("items", sa.column("id", sa.Integer), sa.column("name", sa.Text), sa.column("since", sa.Date)),
        [{"id": 3, "name": op.inline_literal("inline"), "since": op.inline_literal(datetime.date(2020, 2, 29))}],
        multiinsert=False,
    )
    op.bulk_insert(items, [])


def downgrade():
    op.drop_table("items")
