import os

from letters.app import create_app
from letters.config import Config

app = create_app(Config.from_env(os.environ))
