revision = 'a'
down_revision = None
def upgrade():
    op.execute(f'''{x!r:>{w}} {{}} {a["b"]}''')
    print(rf"\d{n:#x}")
