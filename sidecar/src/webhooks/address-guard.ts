import { lookup, type LookupAddress } from "node:dns";
import { isIP, type BlockList, type LookupFunction } from "node:net";
import { networkList } from "../networks.js";

/**
 * Not public (IANA's registries of special-purpose addresses, RFC 6890), with what could lead to such by translation.
 * An IPv6 address that maps an IPv4 one (::ffff:0:0/96) is checked by `BlockList` as that.
 */
const NOT_PUBLIC: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
];

/** Somebody asked for an address that no webhook may reach. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

/**
 * Says which addresses webhooks may reach: public ones by https, and others where the settings name their network.
 * Whoever registers a webhook must not reach by us what they could not reach themselves (SSRF).
 */
export class AddressGuard {
  private readonly notPublic = networkList(NOT_PUBLIC);
  private readonly allowed: BlockList;

  /** @param networks addresses or networks (CIDR) that are allowed though they are not public */
  constructor(networks: readonly string[]) {
    this.allowed = networkList(networks);
  }

  /** @throws AddressRefused for an address in digits that is refused, and for http outside the allowed networks */
  check({ protocol, hostname }: URL): void {
    const host = hostname.replace(/^\[|\]$/g, "");
    // The connection asks our look-up for names only.
    if (isIP(host) !== 0) this.demand(host, protocol);
  }

  /**
   * Looks a name up for a connection. The connection is made to what is answered here and checked: a name that points
   * elsewhere a moment later changes nothing.
   */
  lookupFor({ protocol }: URL): LookupFunction {
    return (hostname, options, callback) => {
      lookup(hostname, { ...options, all: true }, (error, addresses) => {
        if (error !== null) {
          callback(error, []);
          return;
        }
        try {
          for (const { address } of addresses) this.demand(address, protocol);
        } catch (refused) {
          callback(refused as NodeJS.ErrnoException, []);
          return;
        }
        const [first] = addresses;
        if (options.all === true) callback(null, addresses);
        else if (first !== undefined) callback(null, first.address, first.family);
        else callback(new AddressRefused("the name has no address"), []);
      });
    };
  }

  private demand(address: LookupAddress["address"], protocol: string): void {
    const plain = address.replace(/%.*$/, "");
    const family = isIP(plain) === 6 ? "ipv6" : "ipv4";
    if (this.allowed.check(plain, family)) return;
    if (this.notPublic.check(plain, family))
      throw new AddressRefused("the address is not public, and no network that is allowed");
    if (protocol !== "https:") throw new AddressRefused("a public address is reached by https only");
  }
}
