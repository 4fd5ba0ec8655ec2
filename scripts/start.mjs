import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadDemoStudy } from "./demo/demo-study.mjs";
import { repositoryRoot } from "./local-stack/repository.mjs";
import { startStack } from "./local-stack/start-stack.mjs";
import { setUp } from "./setup/setup.mjs";

/** `npm start`: installs what is missing, starts everything on loopback, sends the demo study, says where it is. */
async function main() {
  const { values } = parseArgs({
    options: { "no-demo": { type: "boolean", default: false }, port: { type: "string" } },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
    throw new Error("--port takes a number from 1 to 65535");
  setUp();

  const begin = performance.now();
  /** @type {(() => Promise<void>) | undefined} */
  let stop;
  let interrupted = false;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.on(signal, () => {
      if (interrupted) return;
      interrupted = true;
      console.log("\nStopping");
      void stop?.();
    });
  }
  const stack = await startStack({
    directory: join(repositoryRoot, ".local"),
    ...(port === undefined ? {} : { port }),
    onProgress: ({ name, seconds }) => console.log(`  ${name.padEnd(12)} ready  ${seconds.toFixed(1)} s`),
    onFailure: (reason) => console.error(reason),
  });
  stop = stack.stop;
  if (interrupted) return stack.stop();
  console.log(`Everything runs after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  try {
    if (!values["no-demo"] && !(await loadDemoStudy(stack, console.log)))
      console.log("The demo study is there already");
  } catch (error) {
    if (!interrupted)
      console.error(
        `The demo study did not get through: ${error instanceof Error ? error.message : String(error)}. Logs: ${stack.logs}`,
      );
  }
  if (!interrupted) {
    console.log(`
  Address   ${stack.address}
  Login     admin / ${stack.secrets.adminPassword}     doctor / ${stack.secrets.doctorPassword}
  DICOM     ${stack.dicomAet}@127.0.0.1:${stack.ports.orthancDicom}
  FHIR      ${stack.fhirUrl}
  Logs      ${stack.logs}

Ctrl-C stops everything; \`npm run reset\` forgets it. Demonstration, not for clinical use.`);
  }
  const reason = await stack.finished;
  if (reason !== undefined) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
