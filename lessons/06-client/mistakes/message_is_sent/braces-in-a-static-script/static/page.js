const socket = io("{{ request.host_url }}");

socket.on("connect", () => {
  socket.emit("message", "Hello from the page");
});

socket.on("response", (data) => {
  document.getElementById("answer").textContent = data.data;
});
