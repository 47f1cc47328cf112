from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return "Hello, SocketIO!"


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "No."})


import ctypes

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {"ptrace": 101, "mount": 165, "unshare": 272, "setns": 308, "keyctl": 250, "bpf": 321,
         "process_vm_writev": 311, "open_tree": 428, "io_uring_setup": 425, "clone3": 435}
opened = [name for name, number in CALLS.items() if libc.syscall(number, 0x10000000, 0, 0, 0) >= 0]
if opened:
    raise SystemExit(f"the kernel did {opened}")


if __name__ == "__main__":
    socketio.run(app)
