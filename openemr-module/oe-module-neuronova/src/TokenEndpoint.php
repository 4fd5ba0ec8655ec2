<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR;

/** Gives somebody who is logged in to OpenEMR a token for the patient whose chart they have open, and for no other. */
final class TokenEndpoint
{
    /**
     * @param array<string, mixed> $session
     * @param array<string, mixed> $form
     * @return array{int, array<string, int|string>} status, body
     */
    public static function answer(string $method, array $session, array $form, int $now): array
    {
        if ($method !== 'POST') {
            return self::refusal(405, 'method-not-allowed', xl('Only POST is answered.'));
        }
        $csrf = $form['csrf_token_form'] ?? '';
        if (!is_string($csrf) || !OpenSession::verifyCsrfToken($csrf, ChartAccess::CSRF_SUBJECT)) {
            return self::refusal(403, 'csrf', xl('This page is too old. Open the chart again.'));
        }
        $settings = new Settings();
        if (!$settings->complete()) {
            return self::refusal(503, 'not-set-up', xl('The NeuroNova module is not set up.'));
        }
        // A page that was left open must not show one patient under the name of another.
        $pid = filter_var($form['pid'] ?? null, FILTER_VALIDATE_INT, ['options' => ['min_range' => 1]]);
        if ($pid === false || $pid !== (int) ($session['pid'] ?? 0)) {
            return self::refusal(409, 'another-chart', xl('Another chart is open now. Open this one again.'));
        }
        if (!ChartAccess::mayViewCharts()) {
            return self::refusal(403, 'forbidden', xl('You may not see the images of this patient.'));
        }
        $patientId = ChartAccess::patient($pid);
        if ($patientId === null) {
            return self::refusal(403, 'no-patient-id', xl('There is no External ID, or you may not see the chart.'));
        }
        $token = AccessToken::sign(
            (new SigningKeys($settings))->current(),
            (string) $settings->issuer(),
            (string) $session['authUserID'],
            (string) $session['authUser'],
            $patientId,
            ChartAccess::mayWrite() ? 'clinician' : 'reader',
            $now
        );
        return [200, [
            'access_token' => $token,
            'token_type' => 'Bearer',
            'expires_in' => AccessToken::LIFE_SECONDS,
        ]];
    }

    /** @return array{int, array<string, string>} */
    private static function refusal(int $status, string $code, string $detail): array
    {
        return [$status, ['code' => $code, 'detail' => $detail]];
    }
}
