<?php

/**
 * OpenEMR as far as the module needs it: classes, functions, a database with two patients.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

use OpenEMR\Common\Database\QueryUtils;

// Debian's php-symfony-event-dispatcher: the dispatcher is the real one.
require_once 'Symfony/Component/EventDispatcher/autoload.php';

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/src/' . str_replace('\\', '/', substr($class, strlen('OpenEMR\\'))) . '.php';
    if (str_starts_with($class, 'OpenEMR\\') && is_file($file)) {
        require $file;
    }
});

function xl($constant)
{
    return $constant;
}

function text($text)
{
    return htmlspecialchars((string) $text, ENT_NOQUOTES);
}

function attr($text)
{
    return htmlspecialchars((string) $text, ENT_QUOTES);
}

/** Opens the database, and makes it when it is not there. */
function openDatabase(string $file, string $tables): void
{
    $database = new PDO('sqlite:' . $file);
    $database->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
    $database->exec($tables);
    $database->exec('CREATE TABLE IF NOT EXISTS patient_data (pid INTEGER PRIMARY KEY, pubpid TEXT, squad TEXT)');
    $insert = $database->prepare('INSERT OR IGNORE INTO patient_data (pid, pubpid, squad) VALUES (?, ?, ?)');
    foreach ([[1, 'P-1', ''], [2, 'P-2', ''], [3, ' ', ''], [4, 'P-4', 'first-team']] as $patient) {
        $insert->execute($patient);
    }
    QueryUtils::$database = $database;
}
