from flask import Flask
from flask_socketio import SocketIO, emit

PAGE = """
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>My live page</title>
    <script src="https://cdn.jsdelivr.net/npm/socket.io-client@4/dist/socket.io.min.js"></script>
  </head>
  <body>
    <h1>My live page</h1>
    <p id="answer">No answer yet.</p>

    <script>
      const socket = io();

      socket.on("connect", () => {
        socket.emit("message", "Hello from the page");
      });

      socket.on("response", (data) => {
        document.getElementById("answer").textContent = data.data;
      });
    </script>
  </body>
</html>
"""

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return PAGE


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})


if __name__ == "__main__":
    socketio.run(app, debug=True)
