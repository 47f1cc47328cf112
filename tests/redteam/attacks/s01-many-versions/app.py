
import flask_socketio

for minor in range(20):
    for patch in range(20):
        print(f"{flask_socketio.__name__} 5.{minor}.{patch}")
