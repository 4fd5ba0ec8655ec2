<?php

/**
 * Shown by OpenEMR's module manager.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

require_once __DIR__ . '/public/settings.php';
