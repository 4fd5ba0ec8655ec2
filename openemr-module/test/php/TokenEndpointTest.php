<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR\Test;

use NeuroNova\OpenEMR\ChartAccess;
use NeuroNova\OpenEMR\Settings;
use NeuroNova\OpenEMR\TokenEndpoint;
use OpenEMR\Common\Acl\AclMain;
use OpenEMR\Common\Csrf\CsrfUtils;

final class TokenEndpointTest extends ModuleTestCase
{
    private const NOW = 1_800_000_000;

    public function testGivesATokenForThePatientOfTheOpenChart(): void
    {
        [$status, $body] = $this->ask();
        self::assertSame(200, $status);
        self::assertSame(300, $body['expires_in']);
        [$header, $claims, $signed] = $this->read($body['access_token']);
        self::assertTrue($signed);
        self::assertSame('RS256', $header['alg']);
        self::assertSame('at+jwt', $header['typ']);
        $jti = $claims['jti'];
        unset($claims['jti']);
        self::assertSame([
            'iss' => 'https://emr.example.org',
            'sub' => '7',
            'aud' => 'neuronova',
            'iat' => self::NOW,
            'exp' => self::NOW + 300,
            'name' => 'doctor',
            'role' => 'clinician',
            'patient_id' => 'P-1',
        ], $claims);
        self::assertNotSame($jti, $this->read($this->ask()[1]['access_token'])[1]['jti']);
    }

    public function testWhoMayNotAddToTheRecordIsAReader(): void
    {
        AclMain::$lists = ['doctor' => ['patients|demo', 'patients|med']];
        self::assertSame('reader', $this->read($this->ask()[1]['access_token'])[1]['role']);
        AclMain::$lists = ['doctor' => ['patients|demo', 'patients|med', 'patients|med|addonly']];
        self::assertSame('clinician', $this->read($this->ask()[1]['access_token'])[1]['role']);
    }

    /** @dataProvider refusals */
    public function testRefuses(int $status, string $code, callable $change): void
    {
        $form = ['csrf_token_form' => CsrfUtils::collectCsrfToken(ChartAccess::CSRF_SUBJECT), 'pid' => '1'];
        $method = 'POST';
        $change($form, $method);
        [$answered, $body] = TokenEndpoint::answer($method, $_SESSION, $form, self::NOW);
        self::assertSame([$status, $code], [$answered, $body['code']]);
        self::assertArrayNotHasKey('access_token', $body);
    }

    public function refusals(): array
    {
        return [
            'another method' => [405, 'method-not-allowed', fn ($form, &$method) => $method = 'GET'],
            'no CSRF token' => [403, 'csrf', function (&$form) {
                unset($form['csrf_token_form']);
            }],
            'a CSRF token for something else' => [403, 'csrf', function (&$form) {
                $form['csrf_token_form'] = CsrfUtils::collectCsrfToken();
            }],
            'a list of CSRF tokens' => [403, 'csrf', function (&$form) {
                $form['csrf_token_form'] = [$form['csrf_token_form']];
            }],
            'a session without a CSRF key' => [403, 'csrf', function () {
                unset($_SESSION['csrf_private_key']);
            }],
            'another patient than the open chart' => [409, 'another-chart', function (&$form) {
                $form['pid'] = '2';
            }],
            'a chart that is no number' => [409, 'another-chart', function (&$form) {
                $form['pid'] = '1 OR 1=1';
            }],
            'no open chart' => [409, 'another-chart', function (&$form) {
                unset($_SESSION['pid'], $form['pid']);
            }],
            'a clerk' => [403, 'forbidden', function () {
                AclMain::$lists = ['doctor' => ['patients|demo']];
            }],
            'a patient without External ID' => [403, 'no-patient-id', function (&$form) {
                $_SESSION['pid'] = $form['pid'] = 3;
            }],
            'a patient of another squad' => [403, 'no-patient-id', function (&$form) {
                $_SESSION['pid'] = $form['pid'] = 4;
            }],
            'a module that is not set up' => [503, 'not-set-up', function () {
                (new Settings())->forget('signing-key');
            }],
        ];
    }

    private function ask(): array
    {
        $form = ['csrf_token_form' => CsrfUtils::collectCsrfToken(ChartAccess::CSRF_SUBJECT), 'pid' => '1'];
        return TokenEndpoint::answer('POST', $_SESSION, $form, self::NOW);
    }
}
