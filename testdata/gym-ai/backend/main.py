import os
from pathlib import Path


def secret(name):
    """On the Swarm the value is a file, in development a variable."""
    path = Path("/run/secrets", name.lower())
    return path.read_text() if path.exists() else os.environ[name]


OPENAI_API_KEY = secret("OPENAI_API_KEY")
DB_PASSWORD = secret("DB_PASSWORD")
