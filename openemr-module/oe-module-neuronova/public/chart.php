<?php

/**
 * The chart's tab: the studies of the patient whose chart is open, and a viewer.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

use NeuroNova\OpenEMR\ChartAccess;
use NeuroNova\OpenEMR\ChartMarkup;
use NeuroNova\OpenEMR\OpenSession;
use NeuroNova\OpenEMR\Settings;

require_once __DIR__ . '/../../../../globals.php';

$pid = (int) (OpenSession::values()['pid'] ?? 0);
$settings = new Settings();
$problem = match (true) {
    !$settings->complete() => xl('The NeuroNova module is not set up.'),
    $pid === 0 => xl('No chart is open.'),
    !ChartAccess::mayViewCharts() => xl('You may not see the images of this patient.'),
    ChartAccess::patient($pid) === null => xl('There is no External ID, or you may not see the chart.'),
    default => null,
};
http_response_code($problem === null ? 200 : 403);
$publicPath = dirname($_SERVER['SCRIPT_NAME']);
?>
<!DOCTYPE html>
<html>
<head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title><?php echo text(xl('Imaging')); ?></title>
    <link rel="stylesheet" href="<?php echo attr($publicPath . '/chart.css'); ?>">
</head>
<body class="neuronova-page">
    <h1><?php echo text(xl('Imaging')); ?></h1>
    <?php if ($problem !== null) { ?>
        <p class="neuronova-problem" role="alert"><?php echo text($problem); ?></p>
    <?php } else {
        echo (new ChartMarkup($publicPath, (string) $settings->serverAddress()))->page(
            $pid,
            OpenSession::csrfToken(ChartAccess::CSRF_SUBJECT)
        );
    } ?>
</body>
</html>
