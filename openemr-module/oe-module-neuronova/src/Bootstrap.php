<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR;

use OpenEMR\Events\PatientDemographics\RenderEvent;
use OpenEMR\Menu\PatientMenuEvent;
use Symfony\Component\EventDispatcher\EventDispatcherInterface;

/**
 * Puts the card into the patient's chart and the tab into its menu. Nothing is shown to those whom the token endpoint
 * would refuse, nor before the module is set up.
 */
final class Bootstrap
{
    private const PUBLIC_PATH = '/interface/modules/custom_modules/oe-module-neuronova/public';

    /** @param string $webroot OpenEMR's path on its server, without a slash at its end: '' or '/openemr' */
    public function __construct(
        private readonly EventDispatcherInterface $eventDispatcher,
        private readonly string $webroot
    ) {
    }

    public function subscribeToEvents(): void
    {
        $this->eventDispatcher->addListener(RenderEvent::EVENT_SECTION_LIST_RENDER_AFTER, $this->showCard(...));
        $this->eventDispatcher->addListener(PatientMenuEvent::MENU_UPDATE, $this->addTab(...));
    }

    public function showCard(RenderEvent $event): void
    {
        $settings = new Settings();
        $pid = (int) $event->getPid();
        if (!$settings->complete() || !ChartAccess::mayView($pid)) {
            return;
        }
        $page = new ChartMarkup($this->webroot . self::PUBLIC_PATH, (string) $settings->serverAddress());
        echo $page->card($pid, OpenSession::csrfToken(ChartAccess::CSRF_SUBJECT));
    }

    public function addTab(PatientMenuEvent $event): void
    {
        if (!(new Settings())->complete() || !ChartAccess::mayViewCharts()) {
            return;
        }
        $tab = new \stdClass();
        $tab->requirement = 0;
        $tab->target = 'main';
        $tab->menu_id = 'neuronova';
        $tab->label = xl('Imaging');
        $tab->url = $this->webroot . self::PUBLIC_PATH . '/chart.php';
        // OpenEMR puts it into the page as it stands.
        $tab->on_click = 'top.restoreSession()';
        $tab->pid = 'false';
        $tab->children = [];
        $tab->acl_req = ChartAccess::ACO;
        $menu = $event->getMenu();
        $menu[] = $tab;
        $event->setMenu($menu);
    }
}
