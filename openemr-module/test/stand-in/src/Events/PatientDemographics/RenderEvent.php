<?php

/**
 * Stands in for OpenEMR's class of this name: the names and signatures its module uses, as the chart dispatches it.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace OpenEMR\Events\PatientDemographics;

use Symfony\Contracts\EventDispatcher\Event;

class RenderEvent extends Event
{
    const EVENT_SECTION_LIST_RENDER_AFTER = 'patientDemographics.render.section.after';

    public function __construct(private $pid)
    {
    }

    public function getPid()
    {
        return $this->pid;
    }
}
