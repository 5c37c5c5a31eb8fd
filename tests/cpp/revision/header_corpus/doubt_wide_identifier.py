revision = 'a'
down_revision = None
reｖision = 'b'
