<?php

/**
 * The module's settings: addresses, the key that signs, and what the sidecar has to be told.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

use NeuroNova\OpenEMR\ChartAccess;
use NeuroNova\OpenEMR\OpenSession;
use NeuroNova\OpenEMR\Settings;
use NeuroNova\OpenEMR\SettingsForm;
use OpenEMR\Core\ModulesClassLoader;

require_once __DIR__ . '/../../../../globals.php';

// The page is open before the module is enabled, and its bootstrap was not read then.
(new ModulesClassLoader($GLOBALS['fileroot']))
    ->registerNamespaceIfNotExists('NeuroNova\\OpenEMR\\', dirname(__DIR__) . DIRECTORY_SEPARATOR . 'src');

if (!ChartAccess::mayConfigure()) {
    http_response_code(403);
    echo text(xl('Only administrators may change these settings.'));
    exit;
}
header('Cache-Control: no-store');
$form = new SettingsForm(new Settings());
[$status, $message] = $form->answer($_SERVER['REQUEST_METHOD'], $_POST);
http_response_code($status);
$csrf = OpenSession::csrfToken(SettingsForm::CSRF_SUBJECT);
require dirname(__DIR__) . '/templates/settings.php';
