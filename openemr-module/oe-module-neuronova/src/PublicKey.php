<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR;

/** A public RSA key as JWK (RFC 7517, RFC 7518 6.3.1). */
final class PublicKey
{
    /** @return array<string, string> */
    public static function jwk(\OpenSSLAsymmetricKey $key): array
    {
        $rsa = (openssl_pkey_get_details($key) ?: [])['rsa'] ?? throw new \RuntimeException('not an RSA key');
        $members = ['e' => Base64Url::encode($rsa['e']), 'kty' => 'RSA', 'n' => Base64Url::encode($rsa['n'])];
        return $members + ['kid' => self::thumbprint($members), 'alg' => 'RS256', 'use' => 'sig'];
    }

    public static function keyId(\OpenSSLAsymmetricKey $key): string
    {
        return self::jwk($key)['kid'];
    }

    /**
     * RFC 7638: the SHA-256 of the required members, in the order of their names.
     *
     * @param array<string, string> $members
     */
    private static function thumbprint(array $members): string
    {
        ksort($members);
        return Base64Url::encode(hash('sha256', json_encode($members, JSON_THROW_ON_ERROR), true));
    }
}
