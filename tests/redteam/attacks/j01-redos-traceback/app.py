
import os

os.write(1, b'File "' + b"/app/" * 12_000 + b"\n")
os._exit(0)
