<?php

/**
 * Stands in for OpenEMR's class of this name: the names and signatures its module uses, as its modules extend it.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace OpenEMR\Core;

abstract class AbstractModuleActionListener
{
    public function __construct()
    {
    }

    abstract public function moduleManagerAction($methodName, $modId, string $currentActionStatus = 'Success'): string;

    abstract protected static function getModuleNamespace(): string;

    abstract protected static function initListenerSelf();
}
