import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ohifRoot } from "../setup/ohif.mjs";
import { repositoryRoot } from "./repository.mjs";

/**
 * @typedef {object} Embedding
 * @property {readonly string[]} origins  of pages that may frame ours and call /api and /dicom-web
 */

/**
 * @typedef {object} NginxSettings
 * @property {number} port
 * @property {readonly number[]} sidecarPorts
 * @property {number} orthancPort
 * @property {string} orthancPassword
 * @property {Embedding} [embedding]  instead of nginx/embedding.conf
 * @property {{ port: number, certificate: string, key: string }} [tls]  files in PEM
 */

/**
 * nginx with the repository's route table; only addresses, paths and Orthanc's credentials are written here.
 *
 * @param {Pick<import("./stack-directory.mjs").StackDirectory, "run" | "logs">} layout
 * @param {NginxSettings} settings
 * @returns {import("./supervised-process.mjs").ProcessDefinition}
 */
export function nginxProcess(layout, { port, sidecarPorts, orthancPort, orthancPassword, embedding, tls }) {
  const prefix = join(layout.run, "nginx");
  const credentials = Buffer.from(`neuronova:${orthancPassword}`).toString("base64");
  const files = {
    "nginx.conf": mainConfiguration(layout.logs),
    "upstreams.conf":
      upstream("neuronova_sidecar", sidecarPorts, "4s") +
      upstream("neuronova_orthanc", [orthancPort], "700ms"),
    "server-address.conf": [
      `listen 127.0.0.1:${port};`,
      ...(tls === undefined ? [] : tlsLines(tls)),
      `root "${join(repositoryRoot, "web-components/dist")}";`,
      `set $ohif_root "${ohifRoot}";`,
      `access_log "${join(layout.logs, "nginx-access.log")}" neuronova;`,
      "",
    ].join("\n"),
    "orthanc-credentials.conf": `map $host $orthanc_authorization { default "Basic ${credentials}"; }\n`,
    ...(embedding === undefined ? {} : { "embedding.conf": embeddingConfiguration(embedding) }),
  };
  return {
    name: "nginx",
    command: "nginx",
    args: ["-p", prefix, "-c", "nginx.conf", "-e", "stderr"],
    directory: layout.run,
    readyWithinSeconds: 20,
    // The kernel's signal reaches only the master; this one lets it end its workers.
    orphanSignal: "SIGTERM",
    beforeStart: () => {
      rmSync(prefix, { recursive: true, force: true });
      mkdirSync(join(prefix, "tmp"), { recursive: true, mode: 0o700 });
      const routes = join(repositoryRoot, "nginx");
      for (const file of readdirSync(routes)) {
        if (file.endsWith(".conf")) copyFileSync(join(routes, file), join(prefix, file));
      }
      for (const [file, text] of Object.entries(files))
        writeFileSync(join(prefix, file), text, { mode: 0o600 });
    },
    isReady: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(1000) });
      await response.arrayBuffer();
      return response.status === 404;
    },
  };
}

/**
 * @param {string} name
 * @param {readonly number[]} ports
 * @param {string} keepalive shorter than the server keeps an idle connection, so that none dies in our hands:
 *   Node keeps 5 s, Orthanc 1 s
 */
function upstream(name, ports, keepalive) {
  const servers = ports.map((port) => `  server 127.0.0.1:${port} max_fails=0;`).join("\n");
  return `upstream ${name} {\n${servers}\n  keepalive 32;\n  keepalive_timeout ${keepalive};\n}\n`;
}

/** @param {{ port: number, certificate: string, key: string }} tls */
function tlsLines({ port, certificate, key }) {
  return [
    `listen 127.0.0.1:${port} ssl;`,
    `ssl_certificate "${certificate}";`,
    `ssl_certificate_key "${key}";`,
    "include tls.conf;",
  ];
}

/** @param {Embedding} embedding */
function embeddingConfiguration({ origins }) {
  const allowed = origins.map((origin) => `  "${origin}" 1;\n`).join("");
  return [
    `map $host $frame_ancestors { default "${["'self'", ...origins].join(" ")}"; }`,
    `map $http_origin $origin_is_allowed {\n  default 0;\n${allowed}}`,
    "",
  ].join("\n");
}

/** @param {string} logs */
function mainConfiguration(logs) {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  // As root, nginx would run its workers as "nobody", who cannot write bodies into our private directory.
  const user = process.getuid?.() === 0 ? "user root;\n" : "";
  return `daemon off;
${user}worker_processes 2;
worker_rlimit_nofile 16384;
pid nginx.pid;
# nginx writes the whole request line, query included, into messages of level "error" and below.
error_log "${join(logs, "nginx-error.log")}" crit;
events { worker_connections 8192; }
http {
  include /etc/nginx/mime.types;
  types { application/javascript mjs; }
  default_type application/octet-stream;
${temporary.map((name) => `  ${name}_temp_path tmp/${name};`).join("\n")}
  sendfile on;
  tcp_nopush on;
  include neuronova.conf;
}
`;
}
