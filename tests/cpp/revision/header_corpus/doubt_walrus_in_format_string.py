revision = 'a'
down_revision = None
x = f"{(revision := 'b')}"
