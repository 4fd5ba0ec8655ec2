<?php

/**
 * The chart: its menu and its cards are what modules make them.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

use OpenEMR\Events\PatientDemographics\RenderEvent;
use OpenEMR\Menu\PatientMenuEvent;

require_once __DIR__ . '/../../globals.php';

$menu = $eventDispatcher->dispatch(new PatientMenuEvent([]), PatientMenuEvent::MENU_UPDATE)->getMenu();
?>
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Chart</title></head>
<body>
<nav><?php foreach ($menu as $entry) { ?>
    <a href="<?php echo attr($entry->url); ?>" id="<?php echo attr($entry->menu_id); ?>"><?php echo text($entry->label); ?></a>
<?php } ?></nav>
<h1>Chart of patient <?php echo (int) $_SESSION['pid']; ?></h1>
<?php $eventDispatcher->dispatch(new RenderEvent($_SESSION['pid']), RenderEvent::EVENT_SECTION_LIST_RENDER_AFTER); ?>
</body>
</html>
