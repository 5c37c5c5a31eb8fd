revision = 'a'
down_revision = None
x = f"{'}' + "x" + '{'}"
revision = 'b'
