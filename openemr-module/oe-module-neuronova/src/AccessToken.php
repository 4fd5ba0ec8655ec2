<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR;

/**
 * An access token for the sidecar (RFC 9068), for one patient. Signed with PHP's OpenSSL itself: RS256 is one call, and
 * no version of a JWT library has to fit the OpenEMR it runs in.
 */
final class AccessToken
{
    public const LIFE_SECONDS = 300;
    /** `aud`, as the sidecar's settings name it. */
    public const AUDIENCE = 'neuronova';

    /**
     * @param string $issuer    address of this OpenEMR
     * @param string $subject   id of the user in OpenEMR
     * @param string $patientId Patient ID (0010,0020)
     * @param string $role      `clinician` or `reader`
     */
    public static function sign(
        \OpenSSLAsymmetricKey $key,
        string $issuer,
        string $subject,
        string $name,
        string $patientId,
        string $role,
        int $now
    ): string {
        $header = ['alg' => 'RS256', 'typ' => 'at+jwt', 'kid' => PublicKey::keyId($key)];
        $claims = [
            'iss' => $issuer,
            'sub' => $subject,
            'aud' => self::AUDIENCE,
            'iat' => $now,
            'exp' => $now + self::LIFE_SECONDS,
            'jti' => bin2hex(random_bytes(16)),
            'name' => $name,
            'role' => $role,
            'patient_id' => $patientId,
        ];
        $content = implode('.', array_map(
            fn (array $part): string => Base64Url::encode(json_encode($part, JSON_THROW_ON_ERROR)),
            [$header, $claims]
        ));
        if (!openssl_sign($content, $signature, $key, OPENSSL_ALGO_SHA256)) {
            throw new \RuntimeException('OpenSSL does not sign: ' . openssl_error_string());
        }
        return $content . '.' . Base64Url::encode($signature);
    }
}
