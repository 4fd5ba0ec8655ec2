<?php

/**
 * Told by OpenEMR's module manager what is done with the module. Has no namespace, as the manager wants it.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

use OpenEMR\Core\AbstractModuleActionListener;

class ModuleManagerListener extends AbstractModuleActionListener
{
    /** Nothing has to be done beside what the manager does itself: the table is made by table.sql. */
    public function moduleManagerAction($methodName, $modId, string $currentActionStatus = 'Success'): string
    {
        return $currentActionStatus;
    }

    public static function getModuleNamespace(): string
    {
        return 'NeuroNova\\OpenEMR\\';
    }

    public static function initListenerSelf(): self
    {
        return new self();
    }
}
