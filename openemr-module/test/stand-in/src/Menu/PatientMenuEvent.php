<?php

/**
 * Stands in for OpenEMR's class of this name: the names and signatures its module uses, as the chart dispatches it.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace OpenEMR\Menu;

use Symfony\Contracts\EventDispatcher\Event;

class PatientMenuEvent extends Event
{
    const MENU_UPDATE = 'patient.menu.update';

    public function __construct(private $menu = [])
    {
    }

    public function getMenu()
    {
        return $this->menu;
    }

    public function setMenu(array $menu)
    {
        $this->menu = $menu;
    }
}
