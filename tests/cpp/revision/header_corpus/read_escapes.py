'''\x41\u00e9\U0001F600\101\q\
'''
revision = 'a'
down_revision = None
