const socket = io();

socket.on("connect", () => socket.emit("message", "Hello from a file of its own"));
socket.on("response", (data) => {
  document.getElementById("answer").value = data.data;
});
