import { execFileSync } from "node:child_process";
import { X509Certificate, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Files of the secrets directory that containers are given, in PEM. */
export const STORE_TLS = Object.freeze({
  ca: "store-ca",
  mysqlCertificate: "mysql-certificate",
  mysqlKey: "mysql-key",
  redisCertificate: "redis-certificate",
  redisKey: "redis-key",
});

/** What signs; in a folder of its own, as a secret of Kubernetes is made of the files above. No container is given it. */
export const AUTHORITY_KEY = join("authority", "store-ca-key");

/** What clients know each server by: its name in the network, and in its own container. */
const SERVERS = [
  { certificate: STORE_TLS.mysqlCertificate, key: STORE_TLS.mysqlKey, names: ["mysql", "localhost"] },
  { certificate: STORE_TLS.redisCertificate, key: STORE_TLS.redisKey, names: ["redis", "localhost"] },
];

const AUTHORITY_DAYS = 3_650;
/** A year, and a month to be late in. */
const SERVER_DAYS = 397;
const DAY_MILLISECONDS = 86_400_000;

/**
 * Makes an authority of this installation's own and the certificates of MySQL and Redis, signed by it. Never overwrites
 * one: what is deleted is made again, by the same authority as long as its key is there.
 *
 * @param {string} directory
 * @returns {string[]} the names of the files it made
 * @throws {Error} when a certificate is to be made and the authority's key is not there
 */
export function createStoreCertificates(directory) {
  /** @type {string[]} */
  const made = [];
  const ca = join(directory, STORE_TLS.ca);
  const caKey = join(directory, AUTHORITY_KEY);
  if (!existsSync(ca)) {
    mkdirSync(dirname(caKey), { recursive: true, mode: 0o700 });
    if (!existsSync(caKey)) makeKey(caKey, 0o600);
    selfSign({ key: caKey, to: ca, days: AUTHORITY_DAYS });
    made.push(STORE_TLS.ca);
  }
  for (const { certificate, key, names } of SERVERS) {
    if (existsSync(join(directory, certificate))) continue;
    if (!existsSync(caKey))
      throw new Error(
        `${certificate} is made with ${caKey}, which is not there; or put one of your own there`,
      );
    if (!existsSync(join(directory, key))) makeKey(join(directory, key), 0o444);
    sign({
      names,
      key: join(directory, key),
      ca,
      caKey,
      to: join(directory, certificate),
      days: SERVER_DAYS,
    });
    made.push(certificate);
  }
  return made;
}

/**
 * @param {string} directory
 * @param {readonly string[]} files certificates in it, as far as they are there
 * @returns {{ file: string, days: number }[]} how long each is valid; 0 and less when it is not any more
 */
export function validDays(directory, files) {
  const there = files.filter((file) => existsSync(join(directory, file)));
  return there.map((file) => {
    const { validTo } = new X509Certificate(readFileSync(join(directory, file)));
    return { file, days: Math.floor((Date.parse(validTo) - Date.now()) / DAY_MILLISECONDS) };
  });
}

/**
 * @param {string} path
 * @param {number} mode
 */
function makeKey(path, mode) {
  openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path]);
  chmodSync(path, mode);
}

/** @param {{ key: string, to: string, days: number }} wanted */
function selfSign({ key, to, days }) {
  const extensions = ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign"];
  withConfiguration("NeuroNova stores", [...extensions, "subjectKeyIdentifier=hash"], (configuration) =>
    openssl([
      ...["req", "-x509", "-new", "-sha256", "-key", key, "-days", String(days)],
      ...["-config", configuration, "-extensions", "made", "-out", to],
    ]),
  );
  chmodSync(to, 0o444);
}

/**
 * @param {{ names: readonly string[], key: string, ca: string, caKey: string, to: string, days: number }} wanted
 *   names: DNS names of the server
 */
export function sign({ names, key, ca, caKey, to, days }) {
  const extensions = [
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    "extendedKeyUsage=serverAuth",
    `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`,
    "authorityKeyIdentifier=keyid",
  ];
  withConfiguration(names[0] ?? "", extensions, (configuration) => {
    const request = `${configuration}.request`;
    openssl(["req", "-new", "-sha256", "-key", key, "-config", configuration, "-out", request]);
    openssl([
      ...["x509", "-req", "-sha256", "-in", request, "-CA", ca, "-CAkey", caKey, "-days", String(days)],
      // Positive, and of 63 random bits at least (RFC 5280, 4.1.2.2).
      ...["-set_serial", `0x4${randomBytes(8).toString("hex")}`],
      ...["-extfile", configuration, "-extensions", "made", "-out", to],
    ]);
  });
  chmodSync(to, 0o444);
}

/**
 * @param {string} commonName
 * @param {readonly string[]} extensions
 * @param {(configuration: string) => void} work
 */
function withConfiguration(commonName, extensions, work) {
  const directory = mkdtempSync(join(tmpdir(), "neuronova-certificate-"));
  try {
    const configuration = join(directory, "openssl.cnf");
    const lines = ["[req]", "distinguished_name=name", "prompt=no", "[name]", `CN=${commonName}`, "[made]"];
    writeFileSync(configuration, `${[...lines, ...extensions].join("\n")}\n`);
    work(configuration);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {readonly string[]} args */
function openssl(args) {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}
