import os

from letters.cli import application

app = application(os.environ)
