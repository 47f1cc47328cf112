from flask_socketio import SocketIO, emit

socketio = SocketIO(async_mode="threading")


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})
