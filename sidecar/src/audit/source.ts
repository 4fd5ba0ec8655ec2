import type { IncomingMessage } from "node:http";
import { isIP, type BlockList, type Socket } from "node:net";
import { networkList } from "../networks.js";

/** Where a request came from. */
export interface Source {
  readonly address: string;
  readonly userAgent: string;
}

const LONGEST_USER_AGENT = 256;
const NOT_PRINTABLE = /[^\x20-\x7e]/g;

/** The proxies whose `X-Forwarded-For` is believed: addresses or networks (`10.1.0.0/16`). */
export class TrustedProxies {
  private readonly list: BlockList;
  private readonly judged = new WeakMap<Socket, boolean>();

  /** @throws RangeError for what is neither an address nor a network */
  constructor(networks: readonly string[]) {
    this.list = networkList(networks);
  }

  /**
   * The client's address. nginx sets `X-Forwarded-For` to the one address it sees; a list, or a header from anybody
   * else, was written by the client and counts for nothing.
   */
  sourceOf({ headers, socket }: IncomingMessage): Source {
    const direct = plain(socket.remoteAddress ?? "");
    const forwarded = headers["x-forwarded-for"];
    const behind = typeof forwarded === "string" && isIP(forwarded) !== 0 && this.trusts(socket, direct);
    return {
      address: behind ? plain(forwarded) : direct,
      userAgent: (headers["user-agent"] ?? "").slice(0, LONGEST_USER_AGENT).replace(NOT_PRINTABLE, "?"),
    };
  }

  private trusts(socket: Socket, address: string): boolean {
    const known = this.judged.get(socket);
    if (known !== undefined) return known;
    const family = isIP(address);
    const trusted = family !== 0 && this.list.check(address, family === 4 ? "ipv4" : "ipv6");
    this.judged.set(socket, trusted);
    return trusted;
  }
}

/** An IPv4 address that came by an IPv6 socket is written as IPv4. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
