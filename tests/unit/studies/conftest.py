import sys
from pathlib import Path

# What tests of this folder share is a plain module, so that spawned workers can import it too.
sys.path.insert(0, str(Path(__file__).parent))
