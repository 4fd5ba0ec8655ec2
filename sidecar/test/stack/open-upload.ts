import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { MULTIPART } from "./uploads.js";

/** An upload in the client's own hand: bytes go out when it wants, and stop when it wants. */
export class OpenUpload {
  private answer = "";

  private constructor(private readonly socket: Socket) {
    socket.on("data", (data) => (this.answer += data.toString("latin1")));
    socket.on("error", () => undefined);
  }

  /** Begins a request to the port with so many bytes to come. */
  static async begin(port: number, token: string, contentLength: number): Promise<OpenUpload> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const head = [
      "POST /dicom-web/studies HTTP/1.1",
      "Host: 127.0.0.1",
      `Authorization: Bearer ${token}`,
      `Content-Type: ${MULTIPART}`,
      "Accept: application/dicom+json",
      `Content-Length: ${contentLength}`,
      "Connection: close",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    return new OpenUpload(socket);
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  breakOff(): void {
    this.socket.destroy();
  }

  /** The whole answer, once the server has closed. */
  async answered(): Promise<{ status: number; text: string }> {
    if (!this.socket.closed) await once(this.socket, "close");
    return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(this.answer)?.[1] ?? 0), text: this.answer };
  }
}
