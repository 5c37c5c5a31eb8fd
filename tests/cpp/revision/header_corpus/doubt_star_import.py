revision = 'a'
down_revision = None
from os.path import *
