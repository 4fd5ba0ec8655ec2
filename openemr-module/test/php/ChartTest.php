<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR\Test;

use NeuroNova\OpenEMR\Settings;
use OpenEMR\Common\Acl\AclMain;
use OpenEMR\Core\ModulesClassLoader;
use OpenEMR\Events\PatientDemographics\RenderEvent;
use OpenEMR\Menu\PatientMenuEvent;
use Symfony\Component\EventDispatcher\EventDispatcher;

final class ChartTest extends ModuleTestCase
{
    private EventDispatcher $eventDispatcher;

    protected function setUp(): void
    {
        parent::setUp();
        $this->eventDispatcher = $eventDispatcher = new EventDispatcher();
        $classLoader = new ModulesClassLoader('');
        $GLOBALS['webroot'] = '/openemr';
        require dirname(__DIR__, 2) . '/oe-module-neuronova/openemr.bootstrap.php';
    }

    public function testShowsACardInTheChart(): void
    {
        $card = $this->card(1);
        $public = '/openemr/interface/modules/custom_modules/oe-module-neuronova/public';
        self::assertStringContainsString('<neuronova-study-list>', $card);
        self::assertStringContainsString('content="https://imaging.example.org"', $card);
        self::assertStringContainsString('src="' . $public . '/chart.js"', $card);
        self::assertStringContainsString('data-pid="1"', $card);
    }

    public function testWritesNothingInlineIntoThePage(): void
    {
        $card = $this->card(1);
        self::assertSame(1, substr_count($card, '<script'));
        self::assertMatchesRegularExpression('~<script [^>]*></script>~', $card);
        self::assertDoesNotMatchRegularExpression('~ (?:on\w+|style)=~', $card);
    }

    public function testPutsATabIntoTheMenuAndLeavesTheOthers(): void
    {
        $history = (object) ['menu_id' => 'history'];
        $menu = $this->menu([$history]);
        self::assertSame($history, $menu[0]);
        self::assertStringEndsWith('/public/chart.php', $menu[1]->url);
        self::assertSame(['patients', 'med'], $menu[1]->acl_req);
    }

    public function testShowsNothingToWhomTheChartIsClosed(): void
    {
        AclMain::$lists = ['doctor' => ['patients|demo']];
        self::assertSame('', $this->card(1));
        self::assertSame([], $this->menu([]));
    }

    public function testShowsNoCardForAPatientWithoutExternalIdOrOfAnotherSquad(): void
    {
        self::assertSame('', $this->card(3));
        self::assertSame('', $this->card(4));
        self::assertSame('', $this->card(99));
        AclMain::$lists['doctor'][] = 'squads|first-team';
        self::assertNotSame('', $this->card(4));
    }

    public function testShowsNothingBeforeItIsSetUp(): void
    {
        (new Settings())->forget('signing-key');
        self::assertSame('', $this->card(1));
        self::assertSame([], $this->menu([]));
    }

    private function card(int $pid): string
    {
        ob_start();
        $this->eventDispatcher->dispatch(new RenderEvent($pid), RenderEvent::EVENT_SECTION_LIST_RENDER_AFTER);
        return (string) ob_get_clean();
    }

    private function menu(array $menu): array
    {
        return $this->eventDispatcher->dispatch(new PatientMenuEvent($menu), PatientMenuEvent::MENU_UPDATE)->getMenu();
    }
}
