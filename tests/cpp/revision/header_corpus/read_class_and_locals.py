revision = 'a'
down_revision = None
class R:
  revision = 1
def f(x=1):
  revision = [1]
