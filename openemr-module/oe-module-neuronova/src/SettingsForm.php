<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR;

/** What the settings page does with what was typed. Whether the user may is asked before. */
final class SettingsForm
{
    public const CSRF_SUBJECT = 'neuronova-settings';

    public function __construct(public readonly Settings $settings)
    {
    }

    public function keys(): SigningKeys
    {
        return new SigningKeys($this->settings);
    }

    /**
     * @param array<string, mixed> $form
     * @return array{int, string|null} status, and what to say above the form
     */
    public function answer(string $method, array $form): array
    {
        if ($method !== 'POST') {
            return [200, null];
        }
        $csrf = $form['csrf_token_form'] ?? '';
        if (!is_string($csrf) || !OpenSession::verifyCsrfToken($csrf, self::CSRF_SUBJECT)) {
            return [403, xl('This page is too old. Open it again.')];
        }
        try {
            return [200, $this->act((string) ($form['action'] ?? ''), $form)];
        } catch (\InvalidArgumentException $error) {
            return [400, $error->getMessage()];
        }
    }

    /**
     * What `NEURONOVA_IDENTITY_PROVIDERS` of the sidecar has to hold for this OpenEMR.
     *
     * @return array<string, mixed>
     */
    public function identityProvider(): array
    {
        return [
            'issuer' => (string) $this->settings->issuer(),
            'audiences' => [AccessToken::AUDIENCE],
            'jwks' => $this->keys()->publicKeys(),
            'longestLifeSeconds' => AccessToken::LIFE_SECONDS,
            'roleClaim' => ['role'],
            'roles' => ['clinician' => 'doctor', 'reader' => 'external'],
            'onePatient' => true,
            'patientClaim' => ['patient_id'],
            'issuerOfPatientId' => '',
            'labels' => ['*'],
        ];
    }

    /** @param array<string, mixed> $form */
    private function act(string $action, array $form): string
    {
        switch ($action) {
            case 'save':
                $this->settings->setServerAddress((string) ($form['server_address'] ?? ''));
                $this->settings->setIssuer((string) ($form['issuer'] ?? ''));
                return xl('Saved.');
            case 'generate':
                $this->keys()->generate();
                return xl('A key was made. Tell the sidecar about it before it is used.');
            case 'use-next':
                if (!$this->keys()->nextExists()) {
                    throw new \InvalidArgumentException(xl('There is no next key.'));
                }
                $this->keys()->useNext();
                return xl('The next key signs from now on. Remove the old one from the sidecar.');
            default:
                throw new \InvalidArgumentException(xl('Nothing was asked for.'));
        }
    }
}
