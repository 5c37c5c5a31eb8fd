"""merge of the two branches"""
revision = "merge1"
down_revision = ("left1", "rght1")
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
