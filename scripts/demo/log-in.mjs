/**
 * @param {Pick<import("../local-stack/start-stack.mjs").Stack, "address" | "secrets">} stack
 * @returns {Promise<string>} an access token of the demo administrator
 */
export async function logIn({ address, secrets }) {
  const response = await fetch(`${address}/api/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username: "admin", password: secrets.adminPassword }),
  });
  if (!response.ok) throw new Error(`the login answered ${response.status}`);
  const { accessToken } = /** @type {{ accessToken: string }} */ (await response.json());
  return accessToken;
}
