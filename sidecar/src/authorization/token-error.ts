import { ApiError } from "../error-response.js";

/** A 401 with the challenge of RFC 6750, section 3. */
export function unauthorized(
  code: "token-missing" | "token-invalid" | "token-expired",
  detail: string,
): ApiError {
  const challenge =
    code === "token-missing" ? 'Bearer realm="neuronova"' : 'Bearer realm="neuronova", error="invalid_token"';
  return new ApiError(401, code, detail, { "WWW-Authenticate": challenge });
}

export function invalidToken(): ApiError {
  return unauthorized("token-invalid", "The access token is not valid.");
}

export function expiredToken(): ApiError {
  return unauthorized("token-expired", "The access token has expired.");
}
