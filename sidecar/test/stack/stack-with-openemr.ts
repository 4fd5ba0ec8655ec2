import { connect } from "../../src/adapters/mysql/connection.js";
import { MySqlOpenEmrTokens } from "../../src/adapters/mysql/mysql-openemr-tokens.js";
import { connectOpenEmr } from "./connect-openemr.js";
import { CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } from "./openemr-authorization.js";
import { newSecret, type OpenEmrServer } from "./openemr-server.js";
import { RunningStack, type StackOptions } from "./running-stack.js";

/** What an installation with OpenEMR is told of it. @param address OpenEMR's, or of what stands in front of it */
export function openEmrSettings(
  address: string,
): Record<string, string> & { NEURONOVA_OPENEMR_TOKEN_KEY: string } {
  return {
    NEURONOVA_OPENEMR_URL: address,
    NEURONOVA_OPENEMR_CLIENT_ID: CLIENT_ID,
    NEURONOVA_OPENEMR_CLIENT_SECRET: CLIENT_SECRET,
    NEURONOVA_OPENEMR_REDIRECT_URI: REDIRECT_URI,
    NEURONOVA_OPENEMR_TOKEN_KEY: newSecret(),
    NEURONOVA_OPENEMR_ISSUER: "HOSPITAL",
  };
}

/** A whole stack whose administrator has connected it to OpenEMR. */
export async function startStackWithOpenEmr(
  openEmr: OpenEmrServer,
  { settings, ...options }: StackOptions,
  address = openEmr.address,
): Promise<RunningStack> {
  const ofOpenEmr = openEmrSettings(address);
  const stack = await RunningStack.start({ ...options, settings: { ...ofOpenEmr, ...settings } });
  const database = connect({ url: stack.local.databaseUrl, poolSize: 2 });
  await connectOpenEmr(openEmr, new MySqlOpenEmrTokens(database, ofOpenEmr.NEURONOVA_OPENEMR_TOKEN_KEY));
  await database.close();
  return stack;
}
