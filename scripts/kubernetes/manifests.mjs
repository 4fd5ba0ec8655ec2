import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { parse } from "yaml";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @typedef {object} Container
 * @property {string} name
 * @property {string} image
 * @property {{ name: string, value: string }[]} [env]
 * @property {object} [livenessProbe]
 * @property {object} [readinessProbe]
 * @property {{ limits: Record<string, string>, requests: Record<string, string> }} [resources]
 * @property {{ allowPrivilegeEscalation: boolean, readOnlyRootFilesystem?: boolean, capabilities: { drop: string[] } }} securityContext
 * @property {{ name: string, mountPath: string, subPath?: string }[]} volumeMounts
 *
 * @typedef {object} Volume
 * @property {string} name
 * @property {{ secretName: string, items: { key: string, path: string }[] }} [secret]
 * @property {{ name: string }} [configMap]
 *
 * @typedef {object} PodSpec
 * @property {boolean} automountServiceAccountToken
 * @property {{ runAsNonRoot: boolean, runAsUser: number, seccompProfile: { type: string } }} securityContext
 * @property {Container[]} containers
 * @property {Volume[]} volumes
 *
 * @typedef {object} Manifest
 * @property {string} apiVersion
 * @property {string} kind
 * @property {{ name: string }} metadata
 * @property {{ template: { spec: PodSpec } }} spec
 */

/**
 * What is in the YAML files of a folder of `kubernetes/`, but for what is kustomize's own.
 *
 * @param {string} folder
 * @returns {Manifest[]}
 */
export function manifestsOf(folder) {
  const path = `${repository}kubernetes/${folder}`;
  return readdirSync(path)
    .filter((file) => file.endsWith(".yaml") && file !== "kustomization.yaml")
    .map((file) => parse(readFileSync(`${path}/${file}`, "utf8"), { merge: true }))
    .filter((document) => !Array.isArray(document)) // a JSON patch
    .flatMap((document) => (document.kind === "List" ? document.items : [document]));
}

/**
 * Checks manifests against the types that the npm package `kubernetes-models` has of the Kubernetes API: what is
 * missing, what is of another type, and, as they are literals, what is not known.
 *
 * @param {readonly Manifest[]} manifests
 * @returns {string[]} what is wrong
 */
export function typeErrors(manifests) {
  const name = `${repository}scripts/kubernetes/manifests-under-test.ts`;
  const text = manifests
    .map(({ apiVersion, kind }, index) => {
      const from = JSON.stringify(`kubernetes-models/${apiVersion}`);
      const literal = JSON.stringify(manifests[index], null, 1);
      return `import type { I${kind} as T${index} } from ${from};\nexport const m${index}: T${index} = ${literal};`;
    })
    .join("\n");
  /** @type {ts.CompilerOptions} */
  const options = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === name || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === name ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2022) : getSourceFile(path, ...rest);
  const program = ts.createProgram([name], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
