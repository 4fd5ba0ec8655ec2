<?php

/**
 * POST csrf_token_form, pid: a token for the patient whose chart is open.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

use NeuroNova\OpenEMR\OpenSession;
use NeuroNova\OpenEMR\TokenEndpoint;

// Ends the request of somebody who is not logged in.
require_once __DIR__ . '/../../../../globals.php';

header('Content-Type: application/json');
header('Cache-Control: no-store');
try {
    [$status, $body] = TokenEndpoint::answer($_SERVER['REQUEST_METHOD'], OpenSession::values(), $_POST, time());
} catch (\Throwable $error) {
    // The message may hold what nobody should see.
    error_log('NeuroNova: no token, ' . get_class($error) . ' in ' . basename($error->getFile()) . ':' . $error->getLine());
    [$status, $body] = [500, ['code' => 'internal-error', 'detail' => xl('No token could be made.')]];
}
http_response_code($status);
echo json_encode($body, JSON_THROW_ON_ERROR);
