import { connect } from "../../src/openemr/connect.js";
import type { TokenVault } from "../../src/openemr/token-vault.js";
import { OpenEmrOAuth } from "../../src/adapters/openemr/openemr-oauth.js";
import { CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } from "./openemr-authorization.js";
import type { OpenEmrServer } from "./openemr-server.js";
import { Browser } from "./openid-provider.js";

export function oauthOf({ address }: OpenEmrServer): OpenEmrOAuth {
  return new OpenEmrOAuth({
    base: `${address}/oauth2/default`,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    redirectUri: REDIRECT_URI,
  });
}

/** What an administrator's browser does with the address that `neuronova openemr connect` shows. */
export async function agree(address: string): Promise<string> {
  const browser = new Browser();
  let page = await browser.open(address);
  page = await browser.open(page.address, { prompt: "login", login: "neuronova-service", password: "any" });
  page = await browser.open(page.address, { prompt: "consent" });
  return page.address;
}

export async function connectOpenEmr(openEmr: OpenEmrServer, vault: TokenVault): Promise<void> {
  let shown = "";
  await connect({
    server: oauthOf(openEmr),
    vault,
    show: (address) => {
      shown = address;
      return Promise.resolve();
    },
    landing: () => agree(shown),
  });
}
