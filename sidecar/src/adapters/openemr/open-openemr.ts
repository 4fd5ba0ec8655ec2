import type { Sequelize } from "sequelize";
import type { Config } from "../../config.js";
import { ServiceUserTokens } from "../../openemr/service-user-tokens.js";
import { MySqlOpenEmrCharts } from "../mysql/mysql-openemr-charts.js";
import { MySqlOpenEmrLinks } from "../mysql/mysql-openemr-links.js";
import { MySqlOpenEmrTokens } from "../mysql/mysql-openemr-tokens.js";
import { OpenEmrOAuth } from "./openemr-oauth.js";
import { OpenEmrRest } from "./openemr-rest.js";

export type OpenEmr = NonNullable<ReturnType<typeof openOpenEmr>>;

/** What talks to OpenEMR; undefined when none is configured. */
export function openOpenEmr(config: Config, sequelize: Sequelize) {
  const {
    NEURONOVA_OPENEMR_URL: url,
    NEURONOVA_OPENEMR_SITE: site,
    NEURONOVA_OPENEMR_CLIENT_ID: clientId,
    NEURONOVA_OPENEMR_TOKEN_KEY: tokenKey,
    NEURONOVA_OPENEMR_ISSUER: issuer,
  } = config;
  // What is missing beside the address has been said when the settings were read.
  if (url === undefined || clientId === undefined || tokenKey === undefined || issuer === undefined)
    return undefined;
  const vault = new MySqlOpenEmrTokens(sequelize, tokenKey);
  const oauth = new OpenEmrOAuth({
    base: `${url}/oauth2/${site}`,
    clientId,
    clientSecret: config.NEURONOVA_OPENEMR_CLIENT_SECRET,
    redirectUri: config.NEURONOVA_OPENEMR_REDIRECT_URI,
  });
  return {
    issuer,
    vault,
    oauth,
    api: new OpenEmrRest(`${url}/apis/${site}/api`, new ServiceUserTokens(oauth, vault)),
    links: new MySqlOpenEmrLinks(sequelize),
    known: new MySqlOpenEmrCharts(sequelize),
  };
}
