<?php

/**
 * Logs in without a password and opens a chart: `?user=doctor&pid=1`.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

use OpenEMR\Common\Csrf\CsrfUtils;

$ignoreAuth = true;
require __DIR__ . '/globals.php';

if (($_SESSION['authUser'] ?? '') !== $_GET['user']) {
    CsrfUtils::setupCsrfKey();
}
$_SESSION['authUser'] = $_GET['user'];
$_SESSION['authUserID'] = abs(crc32($_GET['user']));
$_SESSION['pid'] = (int) $_GET['pid'];
header('Location: /interface/patient_file/summary/demographics.php');
