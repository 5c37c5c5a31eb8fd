# -*- coding: latin-1 -*-
revision = 'a'
down_revision = None
