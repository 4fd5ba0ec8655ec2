import { BlockList, isIP } from "node:net";
import { z } from "zod";

/** Whether the text is an address or a network in CIDR notation. */
export function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const longest = isIP(address) === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits);
  const wellFormed = bits === undefined || /^\d{1,3}$/.test(bits);
  return isIP(address) !== 0 && rest.length === 0 && wellFormed && prefix <= longest;
}

/**
 * Addresses and networks, to be asked about an address. An IPv6 address that maps an IPv4 one is looked at as that.
 * @throws RangeError for what is neither an address nor a network
 */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    if (!isNetwork(network)) throw new RangeError(`${network} is neither an address nor a network`);
    const [address = "", bits] = network.split("/");
    const family = isIP(address) === 4 ? "ipv4" : "ipv6";
    list.addSubnet(address, Number(bits ?? (family === "ipv4" ? 32 : 128)), family);
  }
  return list;
}

/** A setting that lists addresses and networks, commas between them. */
export const networksSchema = (whenAbsent: string) =>
  z
    .string()
    .default(whenAbsent)
    .transform((text) => (text.trim() === "" ? [] : text.split(",").map((network) => network.trim())))
    .refine((networks) => networks.every(isNetwork), { error: "must be addresses or networks" });
