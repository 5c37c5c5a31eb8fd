revision = 'a'
down_revision = None
def f():
    pass
    revision = 'b'
