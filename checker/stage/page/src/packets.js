/**
 * What travels on a Socket.IO connection, read from outside.
 *
 * Engine.IO 4 puts one character before each of its packets and separates the packets of an HTTP
 * body by "\x1e"; a Socket.IO packet is what follows a "4".
 */

const KINDS = ["connect", "disconnect", "event", "ack", "connect_error", "event", "ack"];

/** Split the body of a polling request or answer into Engine.IO packets. */
export function splitPayload(body) {
  return body.split("\x1e").filter((packet) => packet !== "");
}

/**
 * Read one Engine.IO packet.
 * @returns {{kind, namespace, event, data} | null} null for anything but a Socket.IO packet
 */
export function readPacket(text) {
  const match = /^4([0-6])(?:\d+-)?(\/[^,]*(?:,|$))?(\d+)?([\s\S]*)$/.exec(text);
  if (match === null) return null;
  const [, digit, namespace, , json] = match;
  const kind = KINDS[Number(digit)];
  const data = parse(json);
  const packet = { kind, namespace: (namespace ?? "/").replace(/,$/, ""), event: null, data };
  if (kind === "event") {
    if (!Array.isArray(data) || data.length === 0) return null;
    return { ...packet, event: String(data[0]), data: data.slice(1) };
  }
  return {
    ...packet,
    data: kind === "ack" && Array.isArray(data) ? data : data === null ? [] : [data],
  };
}

function parse(json) {
  if (json === "") return null;
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** What a Socket.IO URL says of its connection, or null for any other URL. */
export function readConnectionUrl(url) {
  const { origin, pathname, searchParams } = new URL(url);
  const engineio = searchParams.get("EIO");
  const transport = searchParams.get("transport");
  if (engineio === null || transport === null) return null;
  return { url: origin + pathname, engineio, transport, first: !searchParams.has("sid") };
}
