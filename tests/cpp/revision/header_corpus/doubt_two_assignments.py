revision = 'a'
down_revision = None
revision = 'b'
