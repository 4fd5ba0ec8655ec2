<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR\Test;

use NeuroNova\OpenEMR\Settings;
use NeuroNova\OpenEMR\SigningKeys;
use OpenEMR\Common\Acl\AclMain;
use OpenEMR\Common\Csrf\CsrfUtils;
use OpenEMR\Common\Database\QueryUtils;
use PHPUnit\Framework\TestCase;

/** A doctor who is logged in and has the chart of patient 1 open; the module is set up. */
abstract class ModuleTestCase extends TestCase
{
    protected const CLINICIAN = ['patients|demo', 'patients|med', 'patients|med|write'];

    private static ?string $key = null;

    protected function setUp(): void
    {
        openDatabase(':memory:', file_get_contents(dirname(__DIR__, 2) . '/oe-module-neuronova/table.sql'));
        QueryUtils::$logged = [];
        AclMain::$lists = ['doctor' => self::CLINICIAN];
        $_SESSION = ['authUser' => 'doctor', 'authUserID' => 7, 'pid' => 1];
        CsrfUtils::setupCsrfKey();
        $settings = new Settings();
        $settings->setServerAddress('https://imaging.example.org/');
        $settings->setIssuer('https://emr.example.org');
        // Making a key takes a second: the tests share one.
        if (self::$key === null) {
            (new SigningKeys($settings))->generate();
            self::$key = $settings->read('signing-key');
        }
        $settings->write('signing-key', self::$key);
    }

    /** @return array{array<string, mixed>, array<string, mixed>, bool} header, claims, whether a key of the JWKS signed */
    protected function read(string $token): array
    {
        [$header, $claims, $signature] = explode('.', $token);
        $decode = fn (string $part): string => base64_decode(strtr($part, '-_', '+/'), true);
        $signed = openssl_verify(
            "$header.$claims",
            $decode($signature),
            openssl_pkey_get_details((new SigningKeys(new Settings()))->current())['key'],
            OPENSSL_ALGO_SHA256
        );
        return [json_decode($decode($header), true), json_decode($decode($claims), true), $signed === 1];
    }
}
