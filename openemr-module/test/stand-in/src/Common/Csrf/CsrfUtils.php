<?php

/**
 * Stands in for OpenEMR's class of this name: the names and signatures its module uses, with a key in the session.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace OpenEMR\Common\Csrf;

class CsrfUtils
{
    public static function setupCsrfKey()
    {
        $_SESSION['csrf_private_key'] = random_bytes(32);
    }

    public static function collectCsrfToken($subject = 'default')
    {
        $key = $_SESSION['csrf_private_key'] ?? '';
        return $key === '' ? false : substr(hash_hmac('sha256', $subject, $key), 0, 40);
    }

    public static function verifyCsrfToken($token, $subject = 'default')
    {
        $expected = self::collectCsrfToken($subject);
        return $expected !== false && $token !== '' && hash_equals($expected, $token);
    }
}
