"""Shortens waits: Sceptre looks at a stack every four seconds, and the server is done in milliseconds.

Python reads this file before any program, where PYTHONPATH names its folder. Sceptre itself stays as it is.
"""

import time

LONGEST = 0.1
sleep = time.sleep
time.sleep = lambda seconds: sleep(min(seconds, LONGEST))
