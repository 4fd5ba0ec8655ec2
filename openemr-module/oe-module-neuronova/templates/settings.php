<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 *
 * @var \NeuroNova\OpenEMR\SettingsForm $form
 * @var string|null $message
 * @var int $status
 * @var string $csrf
 */

declare(strict_types=1);

$json = JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR;
$keys = $form->keys();
?>
<!DOCTYPE html>
<html>
<head>
    <meta charset="utf-8">
    <title>NeuroNova</title>
    <link rel="stylesheet" href="<?php echo attr($GLOBALS['webroot'] ?? ''); ?>/interface/modules/custom_modules/oe-module-neuronova/public/chart.css">
</head>
<body class="neuronova-page">
<h1>NeuroNova</h1>
<?php if ($message !== null) { ?>
    <p class="<?php echo $status === 200 ? 'neuronova-done' : 'neuronova-problem'; ?>" role="status"><?php echo text($message); ?></p>
<?php } ?>
<form method="post">
    <input type="hidden" name="csrf_token_form" value="<?php echo attr($csrf); ?>">
    <p>
        <label for="server_address"><?php echo text(xl('Address of NeuroNova')); ?></label><br>
        <input id="server_address" name="server_address" type="url" size="60" required
            value="<?php echo attr($form->settings->serverAddress() ?? ''); ?>">
    </p>
    <p>
        <label for="issuer"><?php echo text(xl('Address of this OpenEMR')); ?></label><br>
        <input id="issuer" name="issuer" type="url" size="60" required
            value="<?php echo attr($form->settings->issuer() ?? ''); ?>">
    </p>
    <p><button name="action" value="save"><?php echo text(xl('Save')); ?></button></p>
</form>
<h2><?php echo text(xl('Signing key')); ?></h2>
<form method="post">
    <input type="hidden" name="csrf_token_form" value="<?php echo attr($csrf); ?>">
    <p><?php echo text(match (true) {
        !$keys->exist() => xl('There is no key yet.'),
        $keys->nextExists() => xl('The first key below signs. The second is the next one.'),
        default => xl('The key below signs.'),
    }); ?></p>
    <p>
        <button name="action" value="generate"><?php
            echo text($keys->exist() ? xl('Make the next key') : xl('Make a key')); ?></button>
        <?php if ($keys->nextExists()) { ?>
            <button name="action" value="use-next"><?php echo text(xl('Use the next key')); ?></button>
        <?php } ?>
    </p>
</form>
<?php if ($keys->exist()) { ?>
    <h2><?php echo text(xl('For the sidecar')); ?></h2>
    <p><?php echo text(xl('An entry of NEURONOVA_IDENTITY_PROVIDERS, with public keys alone:')); ?></p>
    <pre><?php echo text(json_encode($form->identityProvider(), $json)); ?></pre>
<?php } ?>
</body>
</html>
