<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR\Test;

use NeuroNova\OpenEMR\PublicKey;
use NeuroNova\OpenEMR\Settings;
use NeuroNova\OpenEMR\SettingsForm;
use OpenEMR\Common\Csrf\CsrfUtils;
use OpenEMR\Common\Database\QueryUtils;

final class SettingsTest extends ModuleTestCase
{
    private SettingsForm $form;

    protected function setUp(): void
    {
        parent::setUp();
        $this->form = new SettingsForm(new Settings());
    }

    public function testTheNextKeySignsOnlyWhenItIsSaidSo(): void
    {
        $first = $this->keyIds();
        self::assertCount(1, $first);
        self::assertSame(200, $this->send(['action' => 'generate'])[0]);
        $both = $this->keyIds();
        self::assertCount(2, $both);
        self::assertSame($first[0], $both[0]);
        self::assertSame($first[0], PublicKey::keyId($this->form->keys()->current()));
        self::assertSame(200, $this->send(['action' => 'use-next'])[0]);
        self::assertSame([$both[1]], $this->keyIds());
        self::assertSame(400, $this->send(['action' => 'use-next'])[0]);
    }

    public function testShowsPublicKeysAlone(): void
    {
        foreach ($this->form->identityProvider()['jwks']['keys'] as $key) {
            self::assertSame(['e', 'kty', 'n', 'kid', 'alg', 'use'], array_keys($key));
        }
    }

    /** RFC 7638 3.1 */
    public function testNamesAKeyByItsThumbprint(): void
    {
        $jwk = $this->form->keys()->publicKeys()['keys'][0];
        $canonical = sprintf('{"e":"%s","kty":"RSA","n":"%s"}', $jwk['e'], $jwk['n']);
        $hash = rtrim(strtr(base64_encode(hash('sha256', $canonical, true)), '+/', '-_'), '=');
        self::assertSame($hash, $jwk['kid']);
    }

    public function testKeepsPrivateKeysEncryptedAndOutOfTheLogOfStatements(): void
    {
        $kept = (new Settings())->read('signing-key');
        self::assertStringNotContainsString('PRIVATE KEY', $kept);
        self::assertSame([], QueryUtils::$logged);
    }

    public function testIsReadOnlyWithoutACsrfTokenOfThisPage(): void
    {
        $before = $this->keyIds();
        foreach ([[], ['csrf_token_form' => ''], ['csrf_token_form' => CsrfUtils::collectCsrfToken()]] as $token) {
            self::assertSame(403, $this->form->answer('POST', ['action' => 'generate'] + $token)[0]);
        }
        self::assertSame([200, null], $this->form->answer('GET', ['action' => 'generate']));
        self::assertSame($before, $this->keyIds());
    }

    /** @dataProvider addresses */
    public function testTakesAddressesOverTlsOrOnLoopback(bool $good, string $address): void
    {
        $answer = $this->send(['action' => 'save', 'server_address' => $address, 'issuer' => 'https://emr.example.org']);
        self::assertSame($good ? 200 : 400, $answer[0]);
        self::assertSame(
            $good ? rtrim($address, '/') : 'https://imaging.example.org',
            (new Settings())->serverAddress()
        );
    }

    public function addresses(): array
    {
        return [
            [true, 'https://pacs.example.org'],
            [true, 'https://pacs.example.org:8443/imaging/'],
            [true, 'http://127.0.0.1:8080'],
            [false, 'http://pacs.example.org'],
            [false, 'http://127.0.0.1.example.org'],
            [false, 'https://user:secret@pacs.example.org'],
            [false, 'https://pacs.example.org/?x=1'],
            [false, 'https://pacs.example.org/#x'],
            [false, 'javascript:alert(1)'],
            [false, '"><script>'],
            [false, ''],
        ];
    }

    /** @return list<string> */
    private function keyIds(): array
    {
        return array_column($this->form->keys()->publicKeys()['keys'], 'kid');
    }

    private function send(array $form): array
    {
        $token = CsrfUtils::collectCsrfToken(SettingsForm::CSRF_SUBJECT);
        return $this->form->answer('POST', $form + ['csrf_token_form' => $token]);
    }
}
