<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

use OpenEMR\Core\ModulesClassLoader;

require_once dirname(__DIR__) . '/stand-in/openemr.php';
require_once __DIR__ . '/ModuleTestCase.php';

(new ModulesClassLoader(''))
    ->registerNamespaceIfNotExists('NeuroNova\\OpenEMR\\', dirname(__DIR__, 2) . '/oe-module-neuronova/src');
