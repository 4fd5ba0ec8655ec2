let known: string | undefined;

/**
 * The server's address, without a slash at its end: what `<meta name="neuronova-server" content="https://…">` of the page
 * says, else where this script came from. A page on another origin therefore needs nothing but the script tag.
 */
export function serverAddress(): string {
  known ??= addressOf(
    document.querySelector<HTMLMetaElement>('meta[name="neuronova-server"]')?.content,
    document.baseURI,
    import.meta.url,
  );
  return known;
}

/** @param named what the page says, relative to `base`; @param script where this script came from */
export function addressOf(named: string | undefined, base: string, script: string): string {
  if (named === undefined || named.trim() === "") return new URL(script).origin;
  const { protocol, origin, pathname } = new URL(named, base);
  if (protocol !== "https:" && protocol !== "http:")
    throw new TypeError("neuronova-server must be an https address");
  return origin + pathname.replace(/\/+$/, "");
}

/**
 * The address of a path of the server.
 *
 * @throws TypeError for another server's address: a token is for one server alone
 */
export function serverUrl(path: string, server: string = serverAddress()): string {
  if (path.startsWith("/") && !path.startsWith("//")) return server + path;
  if (path.startsWith(`${server}/`)) return path;
  throw new TypeError("a token is sent to its own server only");
}
