<?php

/**
 * What each page of OpenEMR begins with: session, access lists, enabled modules.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

use OpenEMR\Common\Acl\AclMain;
use OpenEMR\Core\ModulesClassLoader;
use Symfony\Component\EventDispatcher\EventDispatcher;

require_once dirname(__DIR__) . '/openemr.php';

$module = __DIR__ . '/modules/custom_modules/oe-module-neuronova';
openDatabase(getenv('STAND_IN_DATABASE'), file_get_contents($module . '/table.sql'));
$clinician = ['patients|demo', 'patients|med', 'patients|med|write'];
AclMain::$lists = [
    'doctor' => $clinician,
    'reader' => ['patients|demo', 'patients|med'],
    'clerk' => ['patients|demo'],
    'admin' => [...$clinician, 'admin|super'],
];
$GLOBALS['webroot'] = '';
$GLOBALS['fileroot'] = dirname(__DIR__);
// A stricter page than OpenEMR's own: nothing inline, NeuroNova alone beside itself.
$neuronova = getenv('STAND_IN_NEURONOVA');
header("Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    . "img-src 'self' blob: data:; worker-src 'self' blob:; "
    . "connect-src 'self' $neuronova " . preg_replace('/^http/', 'ws', $neuronova)
    . "; form-action 'self'; base-uri 'none'; frame-ancestors 'self'");

session_set_cookie_params(['httponly' => true, 'samesite' => 'Strict']);
session_start();
if (empty($_SESSION['authUser']) && empty($ignoreAuth)) {
    http_response_code(401);
    exit('logged out');
}
$eventDispatcher = new EventDispatcher();
$classLoader = new ModulesClassLoader($GLOBALS['fileroot']);
require $module . '/openemr.bootstrap.php';
