import os
os.execv("/stays", ["/stays", "server"])
