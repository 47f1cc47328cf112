"""My first steps with Socket.IO."""

message = "Hello from my practice file"
