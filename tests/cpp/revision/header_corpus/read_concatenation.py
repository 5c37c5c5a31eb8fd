revision = ('a'
  "b" # c
  + r'''d''')
down_revision = 'x', \
  'y'
