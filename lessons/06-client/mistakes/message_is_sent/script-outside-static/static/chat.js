  const socket = io();
  socket.on("connect", () => {
    socket.emit("message", "Hello");
  });
  socket.on("response", (data) => {
    document.getElementById("answer").textContent = data.data;
  });
