<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR;

use OpenEMR\Common\Crypto\CryptoGen;

/**
 * The key that signs, and the one that will: the sidecar's settings hold both public keys before the second is used, so
 * that no token is refused while they change. Private keys are kept encrypted by OpenEMR.
 */
final class SigningKeys
{
    private const CURRENT = 'signing-key';
    private const NEXT = 'next-signing-key';
    private const BITS = 3072;

    public function __construct(private readonly Settings $settings)
    {
    }

    public function exist(): bool
    {
        return $this->settings->read(self::CURRENT) !== null;
    }

    public function nextExists(): bool
    {
        return $this->settings->read(self::NEXT) !== null;
    }

    /** Makes the first key, or the one to go on with; one that was made before and not used yet is replaced. */
    public function generate(): void
    {
        $key = openssl_pkey_new(['private_key_bits' => self::BITS, 'private_key_type' => OPENSSL_KEYTYPE_RSA]);
        if ($key === false || !openssl_pkey_export($key, $pem)) {
            throw new \RuntimeException('OpenSSL makes no key: ' . openssl_error_string());
        }
        $this->settings->write($this->exist() ? self::NEXT : self::CURRENT, (new CryptoGen())->encryptStandard($pem));
    }

    /** @throws \LogicException when there is no next key */
    public function useNext(): void
    {
        $next = $this->settings->read(self::NEXT) ?? throw new \LogicException('there is no next key');
        $this->settings->write(self::CURRENT, $next);
        $this->settings->forget(self::NEXT);
    }

    /** @throws \RuntimeException when there is no key, or OpenEMR cannot decrypt it */
    public function current(): \OpenSSLAsymmetricKey
    {
        return $this->key(self::CURRENT);
    }

    /**
     * Every public key the sidecar has to know (RFC 7517 5).
     *
     * @return array{keys: list<array<string, string>>}
     */
    public function publicKeys(): array
    {
        $names = array_filter(
            [self::CURRENT, self::NEXT],
            fn (string $name): bool => $this->settings->read($name) !== null
        );
        return ['keys' => array_map(
            fn (string $name): array => PublicKey::jwk($this->key($name)),
            array_values($names)
        )];
    }

    private function key(string $name): \OpenSSLAsymmetricKey
    {
        $pem = (new CryptoGen())->decryptStandard($this->settings->read($name));
        $key = is_string($pem) && $pem !== '' ? openssl_pkey_get_private($pem) : false;
        return $key === false ? throw new \RuntimeException("the $name cannot be read") : $key;
    }
}
