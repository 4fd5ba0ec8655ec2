<?php

/**
 * Stands in for OpenEMR's class of this name: the names and signatures its module uses, with a key of its own.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace OpenEMR\Common\Crypto;

class CryptoGen
{
    private const KEY = 'the key of the stand-in, 32 bytes';

    public function encryptStandard($value, $customPassword = null, $keySource = 'drive')
    {
        $iv = random_bytes(16);
        $encrypted = openssl_encrypt($value, 'aes-256-cbc', self::KEY, OPENSSL_RAW_DATA, $iv);
        return '006' . base64_encode($iv . $encrypted);
    }

    public function decryptStandard($value, $customPassword = null, $keySource = 'drive', $minimumVersion = null)
    {
        if (empty($value)) {
            return '';
        }
        $raw = base64_decode(substr($value, 3), true);
        return $raw === false
            ? false
            : openssl_decrypt(substr($raw, 16), 'aes-256-cbc', self::KEY, OPENSSL_RAW_DATA, substr($raw, 0, 16));
    }
}
