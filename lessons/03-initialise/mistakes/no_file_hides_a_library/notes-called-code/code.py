# Bits of code to keep for later.
greeting = "Hello, SocketIO!"
