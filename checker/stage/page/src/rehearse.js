/** A page and a server of our own, to go once through what every page needs. */

import { createServer } from "node:http";
import { buttons, click } from "./act.js";
import { Page } from "./page.js";

const PAGE = `<!doctype html><title>Rehearsal</title><style>p { color: red }</style>
<p id="out"></p><form><input name="text"><button type="button">Send</button></form>
<script src="https://cdn.socket.io/4.8.1/socket.io.min.js"></script>
<script>
  const socket = io({ transports: ["polling"] });
  document.querySelector("button").onclick = () => socket.emit("message", "hi");
  socket.on("response", (data) => { document.getElementById("out").textContent = data.data; });
</script>`;
const OPEN =
  '0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';

function server(state) {
  return createServer((request, response) => {
    request.on("data", (chunk) => {
      state.asked += chunk;
    });
    request.on("end", () => {
      const html = !request.url.startsWith("/socket.io/");
      response.writeHead(200, { "Content-Type": html ? "text/html" : "text/plain" });
      if (html) response.end(PAGE);
      else if (request.method === "POST") response.end("ok");
      else if (!request.url.includes("sid=")) response.end(OPEN);
      else if (!state.joined) response.end((state.joined = '40{"sid":"b"}'));
      else setTimeout(() => response.end('42["response",{"data":"Rehearsed."}]'), 200);
    });
  });
}

/** Resolves when the rehearsal is over; rejects when it went wrong. */
export async function rehearse() {
  const host = server({ asked: "", joined: null });
  await new Promise((resolve) => host.listen(0, "127.0.0.1", resolve));
  const page = new Page({});
  await page.go(`http://127.0.0.1:${host.address().port}/`);
  for (let tries = 0; tries < 400 && !page.holds({ text: "Rehearsed." }); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    if (tries === 8) click(page.window, buttons(page.window)[0]);
  }
  if (!page.state().text.includes("Rehearsed.")) throw new Error(JSON.stringify(page.state()));
}
